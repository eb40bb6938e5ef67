package dev.neurontp.harness.daemon;

import dev.neurontp.harness.daemon.http.HttpServer;
import dev.neurontp.harness.daemon.service.ServiceManager;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.LiveSettings;
import dev.neurontp.harness.daemon.settings.SettingOption;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.harness.daemon.settings.SettingsReader;
import dev.neurontp.harness.log.Log;
import dev.neurontp.harness.model.CandleHarness;
import dev.neurontp.harness.model.HarnessRegistry;
import dev.neurontp.harness.process.LeftBehind;
import dev.neurontp.harness.process.ProcessMark;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.DroppingStream;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.StandardInput;
import dev.neurontp.worker.os.ThreadLimitException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The daemon mode of {@code neuron}: its options, and its run from start to exit code. */
public final class DaemonCommand {
    private static final Logger LOG = LoggerFactory.getLogger(DaemonCommand.class);

    /** All options of this mode. */
    public static final List<String> OPTIONS = List.of(
            "--config",
            "--port",
            "--host",
            "--insecure",
            "--print-config",
            "--stop-on-stdin-eof",
            "--stop-with-last-pool");

    /** How long the last line on stdout may take. */
    private static final Duration LAST_LINE = Duration.ofSeconds(1);

    /** How long the look for what still runs may take, and its end. */
    private static final Duration LAST_KILLS = Duration.ofSeconds(2);

    @Option(names = "--config", paramLabel = "FILE", description = "Daemon: its settings, in TOML.")
    Path config;

    @Option(names = "--port", paramLabel = "N", description = "Daemon: http.port; 0 takes a free one. Default: 13131.")
    String port;

    @Option(names = "--host", paramLabel = "ADDRESS", description = "Daemon: http.host. Default: 127.0.0.1.")
    String host;

    @Option(
            names = "--insecure",
            description =
                    "Daemon: listen on an address that others reach, without TLS. The token is then sent unencrypted.")
    boolean insecure;

    @Option(names = "--print-config", description = "Show every setting and where its value came from, and exit.")
    boolean printConfig;

    @Option(
            names = "--stop-on-stdin-eof",
            description = "Daemon: stop in order when stdin ends, unless a line feed came before. For whoever starts it"
                    + " with a pipe and shall not leave it behind.")
    boolean stopOnStdinEof;

    @Option(
            names = "--stop-with-last-pool",
            description = "Daemon: stop in order once its last pool has ended because somebody asked for that. For"
                    + " whoever starts it for its pools alone, as tpctl up -d does.")
    boolean stopWithLastPool;

    /**
     * Runs the daemon until a signal ends it. What it prints while it runs waits for no reader.
     *
     * @param environment of the process
     * @param ownCommand what our own workers are started with
     * @return 0 after an orderly end, 1 when a process was left, 2 for wrong settings, 3 when it cannot run
     */
    public int run(
            Map<String, String> environment, Supplier<List<String>> ownCommand, OutputStream stdout, PrintWriter err)
            throws InterruptedException {
        if (!printConfig) {
            HttpServer.loadAhead();
        }
        LiveSettings live;
        try {
            Optional<Path> file = configFile(environment);
            live = LiveSettings.read(
                    () -> SettingsReader.read(file, environment, options()),
                    () -> SettingsReader.readAgain(file, environment, options()));
        } catch (SettingsException e) {
            e.getMessage().lines().forEach(line -> err.println("neuron: " + line));
            return ExitCode.USAGE;
        }
        if (printConfig) {
            PrintWriter out = new PrintWriter(stdout, true, StandardCharsets.UTF_8);
            live.get().lines().forEach(out::println);
            return ExitCode.OK;
        }
        Log.use(live.get().get(DaemonSettings.LOG_LEVEL), live.get().get(DaemonSettings.LOG_FORMAT), environment);
        DroppingStream lines = new DroppingStream(stdout);
        try {
            return serve(live, environment, ownCommand, new PrintStream(lines, true, StandardCharsets.UTF_8), err);
        } finally {
            lines.flush(LAST_LINE);
        }
    }

    private int serve(
            LiveSettings live,
            Map<String, String> environment,
            Supplier<List<String>> ownCommand,
            PrintStream out,
            PrintWriter err)
            throws InterruptedException {
        StopRequest stop = new StopRequest();
        // Before its file is there: a signal in the middle of the start must not leave it behind.
        Signals.to(stop::signal, Set.of(Signals.SIGHUP));
        Daemon daemon;
        try {
            if (stopOnStdinEof) {
                ParentDeathWatch.on(
                        new StandardInput(), () -> stop.ask("since the process that started this daemon is gone"));
            }
            daemon = Daemon.start(live, environment, HarnessRegistry.of(new CandleHarness()), ownCommand.get());
            watchLastPool(daemon, stop);
        } catch (IOException | IllegalStateException e) {
            err.println("neuron: the daemon cannot start: " + e.getMessage());
            return ExitCode.COULD_NOT_RUN;
        }
        stop.running(daemon);
        ServiceManager manager = ServiceManager.of(environment, daemon.file().pid());
        out.println("url=" + daemon.url());
        out.println("pid=" + daemon.file().pid());
        out.println("token_file=" + daemon.file().tokenFile());
        out.println("status=listening");
        manager.ready(daemon.url(), daemon::probe);
        stop.await();
        manager.stopping();
        boolean gone = daemon.stop();
        DaemonThread.runWithin(LAST_KILLS, "last-kills", DaemonCommand::endTheRest);
        out.println("status=" + (gone ? "stopped" : "left_processes"));
        return gone ? ExitCode.OK : ExitCode.FAILED;
    }

    /** A daemon that nobody would stop ends at once: it is found by then, and may have a pool. */
    private void watchLastPool(Daemon daemon, StopRequest stop) throws ThreadLimitException, InterruptedException {
        if (!stopWithLastPool) {
            return;
        }
        try {
            LastPoolWatch.on(daemon::hasNoPoolAnyMore, () -> stop.ask("since its last pool has ended"));
        } catch (ThreadLimitException e) {
            daemon.stop();
            throw e;
        }
    }

    /** Such as a launcher whose far side is silent, which the end of its input does not end. */
    private static void endTheRest() {
        try {
            LeftBehind left = ProcessMark.endAllOfThisProcess();
            List<String> still = left.stillRunning();
            List<String> ended =
                    left.names().stream().filter(name -> !still.contains(name)).toList();
            if (!ended.isEmpty()) {
                LOG.warn("ended what this daemon had started and that still ran: {}", String.join(", ", ended));
            }
            if (!still.isEmpty()) {
                LOG.warn("SIGKILL has not ended what this daemon had started: {}", String.join(", ", still));
            }
            left.unseen()
                    .ifPresent(why ->
                            LOG.warn("whether something runs that this daemon had started could not be seen: {}", why));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<Path> configFile(Map<String, String> environment) {
        return Optional.ofNullable(config)
                .or(() -> Optional.ofNullable(environment.get("NEURON_CONFIG"))
                        .filter(text -> !text.isBlank())
                        .map(Path::of));
    }

    private List<SettingOption> options() {
        List<SettingOption> options = new ArrayList<>();
        if (port != null) {
            options.add(new SettingOption(DaemonSettings.HTTP_PORT, "--port", port));
        }
        if (host != null) {
            options.add(new SettingOption(DaemonSettings.HTTP_HOST, "--host", host));
        }
        if (insecure) {
            options.add(new SettingOption(DaemonSettings.HTTP_INSECURE, "--insecure", "true"));
        }
        return options;
    }
}
