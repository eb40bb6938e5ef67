package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.NodeView;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.ErrorOutput;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.Completes;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table.Cell;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the ranks of live pools use. */
@Command(
        name = "top",
        mixinStandardHelpOptions = true,
        description = {
            "Shows each rank of the live pools: its GPU's use and memory, its own memory and its last round trip.",
            "In a terminal it goes on until Ctrl-C; in a pipe it shows one reading and ends. GPU use and memory of the whole GPU"
                    + " are those of the daemon's last look at nvidia-smi."
        })
public final class TopCommand implements Callable<Integer> {
    /** Each reading asks every daemon. */
    private static final Duration LEAST = Duration.ofMillis(100);

    private final Screen screen;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "ID",
            completionCandidates = Completes.Pools.class,
            description = "Only this pool, by its name or the beginning of its id. Default: all live ones.")
    String id;

    @Option(
            names = {"-i", "--interval"},
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            defaultValue = "2s",
            description = "How long from one reading to the next, 100ms at least. Default: 2s.")
    Duration interval;

    @Option(names = "--once", description = "One reading only, in a terminal, too.")
    boolean once;

    @Mixin
    ConnectOptions connect;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public TopCommand(Screen screen) {
        this.screen = screen;
    }

    /** A rank, its pool, and its GPU where its daemon knows one of that index. */
    private record Row(PoolRef pool, PoolView.Rank rank, Optional<NodeView.DeviceUsage> gpu) {}

    @Override
    public Integer call() throws InterruptedException {
        PoolArgument.requireNotEmpty(id);
        boolean goesOn = screen.terminal().live() && !once && !output.json();
        while (true) {
            ListedPools listed = ListedPools.of(connect);
            PoolListing listing = listed.listing();
            List<CommandException> failures = new ArrayList<>(listing.failures());
            List<PoolRef> pools = new ArrayList<>(chosen(listed));
            List<Row> rows = rows(pools, failures);
            if (goesOn) {
                screen.terminal().clear();
            }
            if (!goesOn && listing.replies().isEmpty()) {
                throw listing.failures().getFirst();
            }
            print(pools, rows, failures.isEmpty());
            failures.forEach(
                    failure -> new ErrorOutput(screen.terminal().err(), output.json()).print("tpctl top", failure));
            if (!goesOn) {
                return CommandException.exitCode(failures);
            }
            screen.requireReader();
            TimeUnit.NANOSECONDS.sleep(Math.max(LEAST.toNanos(), interval.toNanos()));
        }
    }

    private List<PoolRef> chosen(ListedPools listed) throws InterruptedException {
        if (id != null) {
            return List.of(listed.toRead(id));
        }
        listed.requireDaemon();
        return listed.listing().pools().stream()
                .filter(found -> found.pool().live())
                .toList();
    }

    /** Takes out of {@code pools} what is not there any more. */
    private List<Row> rows(List<PoolRef> pools, List<CommandException> failures) {
        Map<Daemon, NodeView.Health> healths = new LinkedHashMap<>();
        Set<Daemon> silent = new HashSet<>();
        List<Row> rows = new ArrayList<>();
        for (PoolRef found : List.copyOf(pools)) {
            if (silent.contains(found.daemon())) {
                continue; // that is told, and each question would take as long
            }
            try {
                NodeView.Health health = healths.computeIfAbsent(found.daemon(), this::health);
                PoolView pool = found.now(connect.readTimeout());
                pool.ranks().forEach(rank -> rows.add(new Row(found, rank, gpu(found, rank, health))));
            } catch (CommandException e) {
                failures.add(e);
                silent.add(found.daemon());
            } catch (ApiErrorException e) {
                // One that was removed meanwhile is not there any more, unless it was asked for.
                if (id == null && e.error().is(ErrorType.NO_SUCH_POOL)) {
                    pools.remove(found);
                } else {
                    failures.add(ApiErrors.explain(e));
                }
            }
        }
        return rows;
    }

    private static List<String> titles(List<PoolRef> pools) {
        return pools.stream().map(PoolRef::title).toList();
    }

    private NodeView.Health health(Daemon daemon) {
        return daemon.read(daemon.get("/health", connect.readTimeout()), NodeView.Health.class);
    }

    /** The device of a rank is an index of the daemon's GPUs only where it is on that host, and its communicator uses them. */
    private static Optional<NodeView.DeviceUsage> gpu(PoolRef found, PoolView.Rank rank, NodeView.Health health) {
        if (rank.host().isPresent() || !DevicesCommand.usesGpus(found.pool().communicator())) {
            return Optional.empty();
        }
        return health.usage(rank.device());
    }

    private void print(List<PoolRef> pools, List<Row> rows, boolean complete) {
        if (output.json()) {
            rows.forEach(row -> screen.line(ApiJson.text(object(row))));
            return;
        }
        if (rows.isEmpty()) {
            if (complete) {
                screen.say(
                        pools.isEmpty()
                                ? "No pool lives. Bring one up: tpctl up -d"
                                : "No rank is there yet: " + HumanText.list(titles(pools)) + " (being started)");
            }
            return;
        }
        Instant now = Instant.now();
        RankTable table = new RankTable(
                rows.stream().map(row -> row.rank().host()).toList(),
                "POOL",
                "RANK",
                "PID",
                "DEVICE",
                "STATE",
                "GPU",
                "GPU MEM",
                "MEMORY",
                "ROUND TRIP",
                "LAST PONG");
        for (Row row : rows) {
            PoolView.Rank rank = row.rank();
            table.row(
                    rank.host(),
                    Cell.of(row.pool().id()),
                    Cell.of(rank.rank()),
                    RankTable.pid(rank.pid()),
                    Cell.of(rank.device()),
                    StateColours.cell(rank.state(), screen.terminal()),
                    Cell.of(row.gpu()
                            .flatMap(NodeView.DeviceUsage::utilizationPct)
                            .map(use -> use + "%")
                            .orElse("-")),
                    Cell.of(rank.memory().gpuUsedMb().map(size -> size + " MiB").orElse("-")),
                    Cell.of(HumanText.mebibytes(rank.memory().rssBytes())),
                    Cell.of(rank.roundTripMs().map(Durations::measured).orElse("-")),
                    Cell.of(HumanText.ago(rank.lastPong(), now)));
        }
        // tpctl status has both.
        table.table().spare("LAST PONG", "PID").lines(screen.columns()).forEach(screen::line);
    }

    private static Map<String, Object> object(Row row) {
        PoolView.Rank rank = row.rank();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("pool", row.pool().id());
        object.put("rank", rank.rank());
        object.put("host", rank.host());
        object.put("pid", rank.pid());
        object.put("device", rank.device());
        object.put("state", rank.state());
        object.put("gpu", row.gpu());
        object.put("memory", rank.memory());
        object.put("round_trip_ms", rank.roundTripMs());
        object.put("last_pong", rank.lastPong());
        object.put("daemon", row.pool().daemon().url().toString());
        return object;
    }
}
