package dev.neurontp.ops.create;

import dev.neurontp.harness.api.PoolApplied;
import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.time.Durations;
import dev.neurontp.ops.client.ApiErrorException;
import dev.neurontp.ops.client.ApiErrors;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.AskedWait;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.client.FirstAnswers;
import dev.neurontp.ops.client.ReplacementTimes;
import dev.neurontp.ops.client.SilentHosts;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Progress;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.io.InputStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Brings pools to what files say. */
@Command(
        name = "apply",
        mixinStandardHelpOptions = true,
        description = {
            "Brings a pool to what a file says, as often as it is called.",
            "Prints 'pool/NAME created', 'unchanged', 'configured' (only labels or the restart policy differed) or 'replaced' (the old pool was"
                    + " shut down in order and a new one is in its place). A pool that has failed is created again. All files are"
                    + " checked before anything is done."
        })
public final class ApplyCommand implements Callable<Integer> {
    private static final Duration USUAL = Duration.ofSeconds(60);

    private final Screen screen;
    private final InputStream stdin;

    @Option(
            names = {"-f", "--file"},
            required = true,
            paramLabel = "FILE",
            description = "The pool file (TOML); - for stdin. May be given several times.")
    List<String> files;

    @Option(
            names = "--dry-run",
            description = "Say only what would be done; with hosts the commands that would start and end each rank.")
    boolean dryRun;

    @Option(
            names = "--wait",
            description = "Wait until every rank of a new pool has answered, as long as --timeout says (60s).")
    boolean wait;

    @Mixin
    ConnectOptions connect;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public ApplyCommand(Screen screen, InputStream stdin) {
        this.screen = screen;
        this.stdin = stdin;
    }

    @Override
    public Integer call() throws InterruptedException {
        List<PoolRequest> requests =
                files.stream().map(file -> PoolFile.read(file, stdin)).toList();
        Set<String> names = new HashSet<>();
        for (PoolRequest request : requests) {
            if (!names.add(request.name().orElseThrow())) {
                throw new CommandException(
                        ExitCode.USAGE,
                        "two files are about the pool '" + request.name().orElseThrow() + "'",
                        "Give each pool one file.");
            }
        }
        Duration timeout = connect.timeout().orElse(USUAL);
        Daemon daemon = DaemonChoice.of(connect);
        if (!dryRun) {
            forEach(requests, request -> check(daemon, request, timeout));
        }
        forEach(requests, request -> apply(daemon, request, timeout));
        return ExitCode.OK;
    }

    /** What is done for one pool, by its file. */
    private interface Step {
        void of(PoolRequest request) throws InterruptedException;
    }

    private void forEach(List<PoolRequest> requests, Step step) throws InterruptedException {
        for (int i = 0; i < requests.size(); i++) {
            try {
                step.of(requests.get(i));
            } catch (ApiErrorException e) {
                CommandException reason = ApiErrors.explain(e);
                String next = reason.exitCode() == ExitCode.USAGE ? "Change it in the file." : reason.next();
                throw new CommandException(
                        reason.exitCode(), PoolFile.name(files.get(i)) + ": " + reason.getMessage(), next, e);
            }
        }
    }

    /** Refused is what the daemon would refuse, before anything is done. Nothing ends for it: the answer takes no longer than was given. */
    private static void check(Daemon daemon, PoolRequest request, Duration timeout) {
        Daemon.await(daemon.start(
                "PUT", "/pools/" + request.name().orElseThrow() + "?dry_run=true", request.given(), timeout));
    }

    private void apply(Daemon daemon, PoolRequest request, Duration timeout) throws InterruptedException {
        String name = request.name().orElseThrow();
        ReplacementTimes times = ReplacementTimes.of(connect, wait && !dryRun);
        long began = System.nanoTime();
        CompletableFuture<JsonNode> answer = daemon.start(
                "PUT",
                "/pools/" + name + "?wait=" + Durations.format(times.firstAnswers()) + "&dry_run=" + dryRun,
                request.given(),
                dryRun ? timeout : times.answer());
        new Progress(screen).during(answer, () -> "applying pool " + name);
        JsonNode json = SilentHosts.await(daemon, request, answer);
        PoolApplied applied = daemon.read(json, PoolApplied.class);
        print(daemon, name, json, applied);
        if (times.firstAnswers().isPositive() && applied.pool().isPresent()) {
            JsonNode pool = FirstAnswers.later(daemon, json.path("pool"), times.later());
            FirstAnswers.requireUp(daemon, pool, times.whole(), AskedWait.since(began));
        }
    }

    private void print(Daemon daemon, String name, JsonNode json, PoolApplied applied) {
        if (dryRun) {
            DryRun.show(screen, daemon, json, name, output.json());
        } else if (output.json()) {
            screen.line(
                    ApiJson.text(((ObjectNode) json).put("daemon", daemon.url().toString())));
        } else {
            screen.line("pool/" + name + " " + applied.result());
        }
    }
}
