package dev.neurontp.ops.up;

import dev.neurontp.harness.api.PoolRequest;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.pool.RestartPolicy;
import dev.neurontp.ops.console.CommandException;
import dev.neurontp.ops.console.DurationConverter;
import dev.neurontp.ops.console.OutputOptions;
import dev.neurontp.ops.console.Screen;
import dev.neurontp.ops.create.DryRun;
import dev.neurontp.ops.create.NewPoolOptions;
import dev.neurontp.worker.os.ExitCode;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Brings up a pool in a daemon of its own. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a neuron daemon with one pool, and stays.",
            "The other commands find both by themselves. Ctrl-C takes all of it down in order, a second Ctrl-C at once."
                    + " When the pool ends, the daemon ends too.",
            "Exit code 0 when the pool was shut down, 1 when it failed, 130 after Ctrl-C.",
            "Over NCCL it first looks at what tpctl doctor sees in this host's files, and stops at a FAIL.",
            "With -d it goes on in the background, and stdout is the pool's id."
        })
public final class UpCommand implements Callable<Integer> {
    private final Screen screen;
    private final RuntimeFolders folders;
    private final InputStream stdin;

    @Mixin
    NewPoolOptions pool;

    @Option(
            names = "--pool-file",
            paramLabel = "FILE",
            description =
                    "What the pool shall be, in place of its options: a pool file (TOML) as for tpctl apply; - for stdin.")
    String poolFile;

    @Option(names = "--config", paramLabel = "FILE", description = "The daemon's settings (TOML).")
    Path config;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Where the daemon listens; 0: a free port. Default: http.port of its settings, else 0.")
    Integer port;

    @Option(
            names = {"-d", "--detach"},
            description = "In the background.")
    boolean detach;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long the daemon and then the pool may take to come up. Default: 60s.")
    Duration timeout;

    @Option(
            names = "--skip-doctor",
            description = "Start a pool over NCCL although tpctl doctor's rows of files say that it will fail.")
    boolean skipDoctor;

    @Option(
            names = "--skip-preflight",
            description = "With --hosts: do not look at the hosts before the start, as tpctl preflight does.")
    boolean skipPreflight;

    @Option(
            names = "--dry-run",
            description =
                    "Start nothing, and say what would be started: with --hosts the commands that would start and end each"
                            + " rank.")
    boolean dryRun;

    @Mixin
    OutputOptions output;

    /** Prints to {@code screen}; expects the daemon's files in {@code folders}; reads {@code stdin} where it is the pool file. */
    public UpCommand(Screen screen, RuntimeFolders folders, InputStream stdin) {
        this.screen = screen;
        this.folders = folders;
        this.stdin = stdin;
    }

    @Override
    public Integer call() throws InterruptedException {
        PoolRequest request = poolFile == null ? pool.request() : pool.request("--pool-file", poolFile, stdin);
        if (request.restart()
                .filter(policy -> !policy.equals(RestartPolicy.NEVER.label()))
                .isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    (poolFile == null ? "--restart" : "restart in " + poolFile)
                            + " does not go with tpctl up, whose daemon ends with its pool",
                    "Start a daemon that stays (neuron), and create the pool in it: tpctl create.");
        }
        UpOptions options = new UpOptions(
                request, Optional.ofNullable(config), Optional.ofNullable(port), timeout, poolFile != null);
        if (dryRun) {
            DryRun.showOwn(screen, options.requireSettings(System.getenv()), request, poolFile != null, output.json());
            return ExitCode.OK;
        }
        if (!skipDoctor) {
            StartGate.pass(options, System.getenv());
        }
        if (!skipPreflight) {
            HostGate.pass(options, System.getenv(), screen.columns());
        }
        return new Up(screen, folders, options, output.json(), detach).run();
    }
}
