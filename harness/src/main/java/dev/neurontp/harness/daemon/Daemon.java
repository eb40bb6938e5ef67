package dev.neurontp.harness.daemon;

import dev.neurontp.harness.daemon.device.DeviceWatch;
import dev.neurontp.harness.daemon.event.EventBuilder;
import dev.neurontp.harness.daemon.event.EventLog;
import dev.neurontp.harness.daemon.event.EventType;
import dev.neurontp.harness.daemon.http.HttpServer;
import dev.neurontp.harness.daemon.http.HttpServices;
import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import dev.neurontp.harness.daemon.pool.PoolRegistry;
import dev.neurontp.harness.daemon.pool.PoolServices;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.OrphanCleanup;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.Token;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.model.HarnessRegistry;
import dev.neurontp.harness.time.Deadline;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running daemon. {@link #start} is its beginning, {@link #stop} its end; any thread may call them. */
public final class Daemon {
    public static final String VERSION = "0.1.0";

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    /** From the end of the last pool to the end of the last connection. */
    private static final Duration LAST_WORDS = Duration.ofMillis(1500);

    private final Settings settings;
    private final RuntimeFolder folder;
    private final EventLog events;
    private final DeviceWatch devices;
    private final PoolRegistry board;
    private final HttpServer http;
    private final DaemonFile file;
    private final AtomicBoolean stopped = new AtomicBoolean();

    private Daemon(
            Settings settings,
            RuntimeFolder folder,
            EventLog events,
            DeviceWatch devices,
            PoolRegistry board,
            HttpServer http,
            DaemonFile file) {
        this.settings = settings;
        this.folder = folder;
        this.events = events;
        this.devices = devices;
        this.board = board;
        this.http = http;
        this.file = file;
    }

    /**
     * Starts one: cleans up after those that died, and listens.
     *
     * @param environment for the runtime folder, where the settings name none
     * @param ownCommand what our own workers are started with
     * @throws IOException when a file or the address cannot be had; the message is for an operator
     */
    public static Daemon start(
            Settings settings, Map<String, String> environment, HarnessRegistry harnesses, List<String> ownCommand)
            throws IOException, InterruptedException {
        RuntimeFolder folder = settings.get(DaemonSettings.RUNTIME_DIR)
                .map(RuntimeFolder::at)
                .orElseGet(() -> RuntimeFolder.of(environment));
        folder.open();
        new OrphanCleanup(folder).clean().forEach(line -> LOG.warn("found: {}", line));
        Path tokenFile = settings.get(DaemonSettings.TOKEN_FILE)
                .orElse(folder.tokenFile())
                .toAbsolutePath();
        Token token = Token.readOrMake(tokenFile);
        Clock clock = Clock.systemUTC();
        EventLog events = new EventLog(settings.get(DaemonSettings.EVENTS), clock);
        DaemonMetrics metrics = new DaemonMetrics(VERSION);
        DeviceWatch devices = new DeviceWatch(
                settings.get(DaemonSettings.NVIDIA_SMI),
                settings.get(DaemonSettings.DEVICE_POLL),
                settings.get(DaemonSettings.DEVICE_TIMEOUT),
                clock);
        DaemonFile self = DaemonFile.ofThisProcess("", tokenFile, VERSION, clock.instant());
        PoolServices around = new PoolServices(
                clock,
                events,
                metrics,
                devices,
                new WorkerLedger(folder, self),
                settings.get(DaemonSettings.LOG_LINES),
                settings.get(DaemonSettings.WAITING),
                settings.get(DaemonSettings.PROOF));
        PoolRegistry board =
                new PoolRegistry(around, settings.get(DaemonSettings.POOLS), settings.get(DaemonSettings.ENDED_POOLS));
        HttpServer http = new HttpServer(
                settings, token, new HttpServices(board, events, devices, harnesses, metrics), ownCommand);
        devices.start();
        http.start();
        DaemonFile file = self.listeningAt(http.url(), http.certificates());
        file.write(folder);
        LOG.info("listening at {}, found by {}", file.url(), folder.path());
        return new Daemon(settings, folder, events, devices, board, http, file);
    }

    /** Where it listens. */
    public String url() {
        return file.url();
    }

    /** What stands in the runtime folder. */
    public DaemonFile file() {
        return file;
    }

    /** The folder that it is found in. */
    public RuntimeFolder folder() {
        return folder;
    }

    /**
     * Stops: no new work, all pools shut down in parallel, then the server. Bounded by the setting {@code stop.limit}.
     *
     * @return whether every pool's processes are gone
     */
    public boolean stop() throws InterruptedException {
        if (!stopped.compareAndSet(false, true)) {
            return true;
        }
        Deadline deadline = Deadline.in(settings.get(DaemonSettings.STOP));
        board.stopTakingWork();
        boolean gone = board.shutDownAll(
                deadline.within(settings.get(DaemonSettings.STOP).minus(LAST_WORDS)));
        events.publish(EventBuilder.of(EventType.DAEMON_STOPPING));
        events.close();
        devices.close();
        Thread closing = Thread.ofPlatform().daemon().name("http-close").start(http::close);
        if (!closing.join(Duration.ofNanos(deadline.remainingNanos() + 1))) {
            LOG.warn("the HTTP server did not close in time and is left behind");
        }
        try {
            file.remove(folder, gone);
        } catch (IOException e) {
            LOG.warn("the daemon's file cannot be removed from {}: {}", folder.path(), FileErrors.reason(e));
        }
        return gone;
    }
}
