package dev.neurontp.ops.create;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.api.PoolView;
import dev.neurontp.ops.client.ApiJson;
import dev.neurontp.ops.client.ConnectOptions;
import dev.neurontp.ops.client.Daemon;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.worker.os.ExitCode;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Creates a pool in a daemon that runs. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Creates a pool in a daemon that runs.",
            "Prints 'pool/NAME created' when its processes exist; with --wait when every rank has answered. Where several"
                    + " daemons run, --host names the one. A daemon of 'tpctl up' ends with its pool and is only taken when"
                    + " it is named."
        })
public final class CreateCommand implements Callable<Integer> {
    private static final Duration USUAL = Duration.ofSeconds(60);

    private final Screen screen;

    @Mixin
    NewPoolOptions pool;

    @Option(names = "--wait", description = "Wait until every rank has answered, as long as --timeout says (60s).")
    boolean wait;

    @Option(
            names = {"-q", "--quiet"},
            description = "Print only the id.")
    boolean quiet;

    @Option(
            names = "--dry-run",
            description = "Say only what would be done; with --hosts the commands that would start and end each rank.")
    boolean dryRun;

    @Mixin
    ConnectOptions connect;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}. */
    public CreateCommand(Screen screen) {
        this.screen = screen;
    }

    @Override
    public Integer call() throws InterruptedException {
        output.requireNot(quiet);
        PoolRequest request = pool.request();
        Duration timeout = connect.timeout().orElse(USUAL);
        Daemon daemon = DaemonChoice.of(connect);
        PoolCreation creation = new PoolCreation(screen, daemon, false);
        if (dryRun) {
            DryRun.show(
                    screen,
                    daemon,
                    creation.dryRun(request, timeout),
                    request.name().orElse(""),
                    output.json());
            return ExitCode.OK;
        }
        JsonNode created = wait ? creation.complete(request, timeout) : creation.start(request, timeout);
        PoolView view = daemon.read(created, PoolView.class);
        if (output.json()) {
            screen.line(ApiJson.text(
                    ((ObjectNode) created).put("daemon", daemon.url().toString())));
        } else if (quiet) {
            screen.line(view.id());
        } else {
            screen.line("pool/" + view.name().orElse(view.id()) + " created");
        }
        return ExitCode.OK;
    }
}
