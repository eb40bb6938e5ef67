package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.api.PoolView.Rank;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.harness.text.Ranks;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.console.Terminal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One pool on one page. The reason of a failure comes first: it is what the page is opened for. */
final class StatusPage {
    private static final String LOST = PoolView.RankState.LOST.label();

    private final Screen screen;
    private final String origin;
    private final Instant now;
    private final int columns;
    private final boolean wide;

    /**
     * @param origin who tells of it
     * @param columns that the table has to fit into
     * @param wide whether what is seldom asked for is shown too
     */
    StatusPage(Screen screen, String origin, Instant now, int columns, boolean wide) {
        this.screen = screen;
        this.origin = origin;
        this.now = now;
        this.columns = columns;
        this.wide = wide;
    }

    /** With what to do, which is another thing where the daemon is one of {@code tpctl up} and ends with its pool. */
    void print(PoolView pool, boolean endsWithItsDaemon) {
        Terminal terminal = screen.terminal();
        Cell state = StateColours.cell(pool.state(), terminal);
        screen.line("pool " + terminal.bold(pool.id())
                + pool.name().map(name -> " '" + name + "'").orElse("") + " " + HumanText.verb(pool.state()) + " "
                + state.style().apply(state.text()) + ": "
                + HumanText.count(pool.worldSize(), "rank", "ranks") + ", " + pool.communicator() + ", created "
                + HumanText.ago(Optional.ofNullable(pool.created()), now)
                + (pool.ended().isPresent() ? ", ended " + HumanText.ago(pool.ended(), now) : ""));
        screen.line(origin);
        RecordedPool.ranUnder(pool, now).ifPresent(screen::line);
        if (!pool.labels().isEmpty()) {
            screen.line("labels " + HumanText.labels(pool.labels()));
        }
        restarts(pool.restart());
        if (wide) {
            screen.line("epoch " + pool.epoch() + ", command " + String.join(" ", pool.command()));
        }
        pool.busy().ifPresent(busy -> screen.line("busy: " + OperationCall.progress(busy)));
        missing(pool).forEach(screen::line);
        pool.failure().map(PoolView.Failure::text).or(pool::reason).ifPresent(why -> {
            screen.line("");
            why.lines().forEach(line -> screen.line(terminal.red(line)));
        });
        screen.line("");
        ranks(pool).lines(columns).forEach(screen::line);
        lost(pool);
        if (pool.failed() && pool.recorded().isEmpty()) {
            screen.say("");
            screen.say("A failed pool does not recover. More: tpctl logs " + pool.id() + ", tpctl events " + pool.id()
                    + ".");
            if (endsWithItsDaemon) {
                screen.say("Its daemon is one of tpctl up and ends with it: tpctl shutdown " + pool.id()
                        + ", then tpctl up again.");
            } else {
                boolean restarting = PendingRestart.isOf(pool);
                if (restarting) {
                    screen.say(PendingRestart.SAID);
                } else if (pool.restart().successor().isEmpty()) {
                    screen.say("Start another one by its plan: tpctl restart " + pool.id());
                }
                screen.say((restarting ? "To have none, and remove" : "Remove") + " it from the list: tpctl kill "
                        + pool.id());
            }
        }
    }

    /** Those that may still run somewhere, and hold their GPUs there. */
    private void lost(PoolView pool) {
        List<LostRank> lost = pool.ranks().stream()
                .filter(rank -> rank.end()
                        .map(PoolView.RankExit::lost)
                        .orElse(pool.recorded().isPresent() && rank.state().equals(LOST)))
                .map(LostRank::of)
                .toList();
        if (!lost.isEmpty()) {
            screen.say("");
            screen.say(screen.terminal()
                            .red("Nothing shows that "
                                    + Ranks.words(
                                            lost.stream().map(LostRank::rank).toList()) + " ended.")
                    + " " + LostRank.remedy(lost, now));
        }
    }

    /** While the ranks join: who has not come, and the last that each of those said. */
    private static List<String> missing(PoolView pool) {
        List<String> lines = new ArrayList<>();
        List<Rank> asked =
                pool.ranks().stream().filter(rank -> rank.arrived().isPresent()).toList();
        List<Rank> missing =
                asked.stream().filter(rank -> !rank.arrived().orElse(true)).toList();
        if (!asked.isEmpty()) {
            int here = asked.size() - missing.size();
            lines.add(here + " of " + HumanText.count(asked.size(), "rank has", "ranks have") + " come to join");
        }
        for (Rank rank : missing) {
            lines.add("missing: rank " + rank.rank() + Ranks.where(rank.pid(), rank.host())
                    + (rank.stopped() ? ", its process is stopped" : "")
                    + (rank.stderr().isEmpty()
                            ? ""
                            : ", its last line: " + rank.stderr().getLast()));
        }
        return lines;
    }

    /** The state of a rank, and that its process does not run. */
    private Cell state(Rank rank) {
        Cell state = StateColours.cell(rank.state(), screen.terminal());
        return rank.stopped() ? new Cell(state.text() + ", stopped", screen.terminal()::red) : state;
    }

    private void restarts(PoolView.Restart restart) {
        boolean never = restart.policy().isEmpty() || restart.policy().equals(RestartPolicy.NEVER.label());
        if (!never || restart.count() > 0) {
            screen.line("restart policy " + restart.policy() + ", restarted "
                    + HumanText.count(restart.count(), "time", "times"));
        }
        restart.successor().ifPresent(id -> screen.line("the pool " + id + " is in its place"));
        restart.givenUp().ifPresent(why -> screen.line(screen.terminal().red("not restarted: " + why)));
    }

    private Table ranks(PoolView pool) {
        return pool.over() ? ended(pool.ranks()) : living(pool.ranks());
    }

    private Table living(List<Rank> ranks) {
        RankTable table = table(ranks, "RANK", "PID", "DEVICE", "STATE", "ROUND TRIP", "LAST PONG", "MEMORY", "GPU");
        for (Rank rank : ranks) {
            PoolView.Memory memory = rank.memory();
            row(
                    table,
                    rank,
                    state(rank),
                    Cell.of(rank.roundTripMs().map(Durations::measured).orElse("-")),
                    Cell.of(HumanText.ago(rank.lastPong(), now)),
                    Cell.of(HumanText.mebibytes(memory.rssBytes())),
                    Cell.of(memory.gpuUsedMb().map(size -> size + " MiB").orElse("-")));
        }
        return table.table().wrapping();
    }

    private Table ended(List<Rank> ranks) {
        RankTable table = table(ranks, "RANK", "PID", "DEVICE", "STATE", "LAST PONG", "END");
        for (Rank rank : ranks) {
            row(
                    table,
                    rank,
                    StateColours.cell(rank.state(), screen.terminal()),
                    Cell.of(HumanText.ago(rank.lastPong(), now)),
                    Cell.of(rank.end().map(PoolView.RankExit::text).orElse("-")));
        }
        return table.table().wrapping();
    }

    private static RankTable table(List<Rank> ranks, String... columns) {
        return new RankTable(ranks.stream().map(Rank::host).toList(), columns);
    }

    private static void row(RankTable table, Rank rank, Cell... more) {
        List<Cell> cells =
                new ArrayList<>(List.of(Cell.of(rank.rank()), RankTable.pid(rank.pid()), Cell.of(rank.device())));
        cells.addAll(List.of(more));
        table.row(rank.host(), cells.toArray(Cell[]::new));
    }
}
