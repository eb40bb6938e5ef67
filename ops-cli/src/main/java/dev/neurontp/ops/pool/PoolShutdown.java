package dev.neurontp.ops.pool;

import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.Operation;
import dev.neurontp.ops.client.Pool.RankEnd;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.HumanText;
import dev.neurontp.ops.console.Progress;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.console.Table.Cell;
import dev.neurontp.ops.up.OwnedDaemon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.JsonNode;

/** Takes pools down and shows how each rank ended. */
final class PoolShutdown {
    private final Screen screen;
    private final boolean json;
    private final OperationCall call;

    PoolShutdown(Screen screen, boolean json, Optional<Duration> timeout) {
        this.screen = screen;
        this.json = json;
        call = new OperationCall(screen, timeout);
    }

    /**
     * All at once; whether every rank left by itself. What one pool's daemon refuses does not stop the others.
     *
     * @param troubles of daemons that did not say which pools they have; they are told at the end
     */
    boolean shutdown(List<PoolRef> pools, List<CommandException> troubles) throws InterruptedException {
        List<PoolRef> live = pools.stream()
                .filter(found -> pools.size() == 1 || found.pool().live())
                .toList();
        Map<PoolRef, CompletableFuture<JsonNode>> asked = new LinkedHashMap<>();
        live.forEach(found -> asked.put(found, call.begin(found, "POST", "/shutdown")));
        CompletableFuture<Void> all = CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new));
        new Progress(screen).during(all, () -> "shutting down " + HumanText.count(live.size(), "pool", "pools"));
        List<CommandException> failed = new ArrayList<>(troubles);
        boolean well = true;
        for (Map.Entry<PoolRef, CompletableFuture<JsonNode>> entry : asked.entrySet()) {
            Optional<Operation.Result> result = show(entry.getKey(), entry.getValue(), failed);
            boolean forced = entry.getKey().pool().live()
                    && result.filter(end -> Boolean.TRUE.equals(end.clean())).isEmpty();
            well &= !forced
                    && result.filter(end -> Boolean.TRUE.equals(end.gone())).isPresent();
        }
        if (live.isEmpty() && troubles.isEmpty()) {
            screen.say("No pool lives.");
        }
        endDaemons(pools);
        failed.stream().skip(1).forEach(e -> screen.say(e.getMessage() + "\n" + e.next()));
        if (!failed.isEmpty()) {
            throw failed.getFirst();
        }
        return well;
    }

    /** Whether no process is left. */
    boolean kill(PoolRef found) throws InterruptedException {
        JsonNode said = call.run(found, "DELETE", "");
        Operation operation = ApiJson.read(said, Operation.class);
        if (operation.op().equals("forget")) {
            print(found, said, "had ended before and is out of the list now; its end took ", operation.result());
        } else {
            print(found, said, "was ended, in ", operation.result());
        }
        endDaemons(List.of(found));
        return Boolean.TRUE.equals(operation.result().gone());
    }

    private Optional<Operation.Result> show(
            PoolRef found, CompletableFuture<JsonNode> answer, List<CommandException> failed) {
        try {
            JsonNode said = call.end(found, answer);
            Operation.Result result = ApiJson.read(said, Operation.class).result();
            print(found, said, found.pool().live() ? "is shut down, in " : "had ended before; its end took ", result);
            return Optional.of(result);
        } catch (CommandException e) {
            failed.add(e);
        } catch (ApiErrorException e) {
            failed.add(ApiErrors.explain(e));
        }
        return Optional.empty();
    }

    private void print(PoolRef found, JsonNode said, String what, Operation.Result result) {
        if (json) {
            screen.line(ApiJson.text(PoolRef.signed(said, found.daemon())));
            return;
        }
        screen.line("pool " + found.id() + " " + what + HumanText.millis(result.tookMs()));
        if (!result.ends().isEmpty()) {
            ends(result.ends()).lines(screen.columns()).forEach(screen::line);
        }
        if (!Boolean.TRUE.equals(result.gone())) {
            screen.say(screen.terminal().red("A process is still there.")
                    + " Look at it (ps -p PID -o pid,stat,wchan,args), then: kill -KILL PID");
        }
    }

    private static Table ends(List<RankEnd> ends) {
        Table table = new Table("RANK", "PID", "TOOK", "END");
        for (RankEnd end : ends) {
            table.row(
                    Cell.of(end.rank()),
                    Cell.of(end.pid()),
                    Cell.of(HumanText.millis(end.tookMs())),
                    Cell.of(HumanText.plain(end.text())));
        }
        return table;
    }

    private void endDaemons(List<PoolRef> pools) throws InterruptedException {
        for (Daemon daemon : pools.stream().map(PoolRef::daemon).distinct().toList()) {
            Optional<OwnedDaemon> owned = OwnedDaemon.of(daemon);
            if (owned.isPresent() && none(daemon)) {
                owned.get().end(screen);
            }
        }
    }

    /** Whether no pool lives in the daemon any more. */
    private static boolean none(Daemon daemon) {
        PoolListing listing = PoolListing.of(List.of(daemon), Duration.ofSeconds(5));
        return listing.troubles().isEmpty()
                && listing.pools().stream().noneMatch(found -> found.pool().live());
    }
}
