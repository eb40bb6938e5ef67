package dev.neurontp.ops.pool;

import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.harness.api.OperationView;
import dev.neurontp.harness.api.PoolView.RankExit;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.ErrorOutput;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Progress;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.up.OwnedDaemon;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Takes pools down and shows how each rank ended. */
final class PoolShutdown {
    private static final int MOST_FAILURES = 16;

    private final Screen screen;
    private final boolean json;
    private final OperationCall call;

    PoolShutdown(Screen screen, boolean json, Optional<Duration> timeout) {
        this.screen = screen;
        this.json = json;
        call = new OperationCall(screen, timeout);
    }

    /** All at once; whether every rank left by itself. What one pool's daemon refuses does not stop the others. */
    boolean shutdown(PoolsToEnd.Chosen chosen) throws InterruptedException {
        return end(chosen, Way.SHUTDOWN);
    }

    /** All at once; whether no process is left. */
    boolean kill(PoolsToEnd.Chosen chosen) throws InterruptedException {
        return end(chosen, Way.KILL);
    }

    /** The same as {@link #shutdown}, and each is removed from its daemon's list. */
    boolean delete(PoolsToEnd.Chosen chosen) throws InterruptedException {
        return end(chosen, Way.DELETE);
    }

    private boolean end(PoolsToEnd.Chosen chosen, Way way) throws InterruptedException {
        List<PoolRef> pools = chosen.pools();
        List<PoolRef> meant = pools.stream()
                .filter(found ->
                        chosen.named() || way == Way.DELETE || found.pool().active())
                .toList();
        Map<PoolRef, OperationCall.Begun> asked = new LinkedHashMap<>();
        meant.forEach(found -> asked.put(found, call.begin(found, way.method, way.path)));
        CompletableFuture<Void> all = CompletableFuture.allOf(
                asked.values().stream().map(OperationCall.Begun::answer).toArray(CompletableFuture[]::new));
        new Progress(screen).during(all, () -> way.doing + HumanText.count(meant.size(), "pool", "pools"));
        List<CommandException> failed = new ArrayList<>(chosen.unanswered());
        boolean well = true;
        for (Map.Entry<PoolRef, OperationCall.Begun> entry : asked.entrySet()) {
            Optional<OperationView.Result> result = show(entry.getKey(), entry.getValue(), way, failed);
            boolean forced = way != Way.KILL
                    && entry.getKey().pool().live()
                    && !result.flatMap(OperationView.Result::clean).orElse(false);
            well &= !forced
                    && result.filter(OperationView.Result::nothingIsLeft).isPresent();
        }
        for (RecordedPool past : chosen.past()) {
            forget(past);
        }
        if (meant.isEmpty() && chosen.past().isEmpty() && chosen.unanswered().isEmpty()) {
            screen.say(way == Way.DELETE ? "There is no pool." : "No pool lives." + unseen(pools));
        }
        endDaemons(pools);
        refuse(failed);
        return well;
    }

    /** Of a pool that did not end in order a rank may be left: that it failed does not say so. */
    private static String unseen(List<PoolRef> pools) {
        List<String> doubtful = pools.stream()
                .filter(found -> found.pool().failed() || found.pool().lost())
                .map(PoolRef::title)
                .toList();
        return doubtful.isEmpty()
                ? ""
                : " Whether every rank of " + HumanText.list(doubtful) + " was seen to end: tpctl status POOL";
    }

    /** The first of them last, as the command's end. */
    private void refuse(List<CommandException> failed) {
        failed.stream().skip(1).limit(MOST_FAILURES).forEach(e -> screen.say(ErrorOutput.text(e)));
        int more = failed.size() - 1 - MOST_FAILURES;
        if (more > 0) {
            screen.say("… and " + HumanText.count(more, "more failure", "more failures")
                    + ", which are not shown. What still lives: tpctl ls");
        }
        if (!failed.isEmpty()) {
            throw failed.getFirst();
        }
    }

    private void forget(RecordedPool past) throws InterruptedException {
        past.forget();
        screen.line(
                json
                        ? ApiJson.text(Map.of(
                                "op",
                                OperationView.Kind.FORGET.label(),
                                "pool",
                                past.id(),
                                "place",
                                past.known().place().toString()))
                        : "pool " + past.title() + " is removed from the " + past.origin());
    }

    private Optional<OperationView.Result> show(
            PoolRef found, OperationCall.Begun begun, Way way, List<CommandException> failed)
            throws InterruptedException {
        try {
            JsonNode reply = call.end(found, begun);
            OperationView.Result result = OperationCall.result(found, reply);
            boolean forgotten = isForgotten(found, reply, way);
            boolean pushedOut = forgotten && way != Way.KILL && !remove(found);
            print(found, reply, pushedOut ? "is shut down; its end took " : what(way, forgotten), result);
            if (pushedOut) {
                screen.say(
                        "Pools that ended later have pushed it out of its daemon's list. To remove it from the history, too:"
                                + " tpctl delete " + found.id());
            }
            return Optional.of(result);
        } catch (CommandException e) {
            failed.add(e);
        } catch (ApiErrorException e) {
            failed.add(ApiErrors.explain(e));
        }
        return Optional.empty();
    }

    /** Its end is complete: what comes now removes it from the list. False where it is not there any more (limits.ended_pools). */
    private boolean remove(PoolRef found) throws InterruptedException {
        try {
            call.run(found, "DELETE", "");
            return true;
        } catch (ApiErrorException e) {
            if (e.is(ErrorType.NO_SUCH_POOL)) {
                return false;
            }
            throw e;
        }
    }

    /** Whether nothing of the pool stays in the list. */
    private static boolean isForgotten(PoolRef found, JsonNode reply, Way way) {
        return switch (way) {
            case SHUTDOWN -> !found.pool().live();
            case KILL -> found.daemon().read(reply, OperationView.class).is(OperationView.Kind.FORGET);
            case DELETE -> true;
        };
    }

    private static String what(Way way, boolean forgotten) {
        if (way == Way.DELETE) {
            return "is deleted; its end took ";
        }
        if (forgotten) {
            return "had ended before and is removed from the list now; its end took ";
        }
        return way == Way.SHUTDOWN ? "is shut down, in " : "was ended, in ";
    }

    private void print(PoolRef found, JsonNode reply, String what, OperationView.Result result) {
        if (json) {
            screen.line(ApiJson.text(PoolRef.signed(reply, found.daemon())));
            return;
        }
        screen.line("pool " + found.title() + " " + what + Durations.measured(result.tookMs()));
        List<RankExit> exits = result.ends().orElse(List.of());
        if (!exits.isEmpty()) {
            exits(exits).lines(screen.columns()).forEach(screen::line);
        }
        List<LostRank> lost =
                exits.stream().filter(RankExit::lost).map(LostRank::of).toList();
        if (!lost.isEmpty()) {
            screen.say(screen.terminal().red("Not every worker was seen to end.") + " "
                    + LostRank.remedy(lost, Instant.now()));
        } else if (!result.nothingIsLeft()) {
            screen.say(stillThere(exits.stream()
                    .filter(exit -> !exit.gone())
                    .map(RankExit::pid)
                    .toList()));
        }
    }

    private String stillThere(List<Long> pids) {
        if (pids.isEmpty()) {
            return screen.terminal().red("Not all of it was seen to end.")
                    + " What creates its comm_id may still be there: the daemon's log names it.";
        }
        String words = pids.stream().map(String::valueOf).collect(Collectors.joining(" "));
        return screen.terminal().red("A process is still there.") + " Look at it (ps -o pid,stat,wchan,args " + words
                + "), then: kill -KILL " + words;
    }

    private static Table exits(List<RankExit> exits) {
        RankTable table = new RankTable(exits.stream().map(RankExit::host).toList(), "RANK", "PID", "TOOK", "END");
        for (RankExit exit : exits) {
            table.row(
                    exit.host(),
                    Cell.of(exit.rank()),
                    RankTable.pid(exit.pid()),
                    Cell.of(Durations.measured(exit.tookMs())),
                    Cell.of(exit.text()));
        }
        return table.table().wrapping();
    }

    private void endDaemons(List<PoolRef> pools) throws InterruptedException {
        for (Daemon daemon : pools.stream().map(PoolRef::daemon).distinct().toList()) {
            Optional<OwnedDaemon> owned = OwnedDaemon.of(daemon);
            if (owned.isPresent() && none(daemon)) {
                owned.get().end(screen);
            }
        }
    }

    /**
     * Whether no pool lives in the daemon any more.
     *
     * @throws CommandException when it lives and does not say
     */
    private static boolean none(Daemon daemon) {
        PoolListing listing = PoolListing.of(daemon, Duration.ofSeconds(5));
        if (!listing.failures().isEmpty() && !daemon.hasEnded()) {
            throw listing.failures().getFirst();
        }
        return listing.failures().isEmpty()
                && listing.pools().stream().noneMatch(found -> found.pool().active());
    }

    /** How a pool is ended. */
    private enum Way {
        SHUTDOWN("POST", "/shutdown", "shutting down "),
        KILL("DELETE", "", "ending "),
        DELETE("POST", "/shutdown", "deleting ");

        private final String method;
        private final String path;
        private final String doing;

        Way(String method, String path, String doing) {
            this.method = method;
            this.path = path;
            this.doing = doing;
        }
    }
}
