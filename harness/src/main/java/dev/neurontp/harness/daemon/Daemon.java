package dev.neurontp.harness.daemon;

import dev.neurontp.harness.daemon.device.DeviceMonitor;
import dev.neurontp.harness.daemon.device.XidWatch;
import dev.neurontp.harness.daemon.event.EventData;
import dev.neurontp.harness.daemon.event.EventLog;
import dev.neurontp.harness.daemon.history.HistoryLimits;
import dev.neurontp.harness.daemon.history.PastPools;
import dev.neurontp.harness.daemon.history.PoolHistory;
import dev.neurontp.harness.daemon.history.StateFolders;
import dev.neurontp.harness.daemon.http.HttpServer;
import dev.neurontp.harness.daemon.http.HttpServices;
import dev.neurontp.harness.daemon.metric.DaemonMetrics;
import dev.neurontp.harness.daemon.pool.PoolCreator;
import dev.neurontp.harness.daemon.pool.PoolLifeLog;
import dev.neurontp.harness.daemon.pool.PoolRecords;
import dev.neurontp.harness.daemon.pool.PoolRegistry;
import dev.neurontp.harness.daemon.pool.PoolServices;
import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.Heir;
import dev.neurontp.harness.daemon.runtime.OrphanCleanup;
import dev.neurontp.harness.daemon.runtime.Registration;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.runtime.RuntimeFolders;
import dev.neurontp.harness.daemon.runtime.Token;
import dev.neurontp.harness.daemon.runtime.WorkerLedger;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.LiveSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.daemon.settings.SettingsException;
import dev.neurontp.harness.daemon.settings.SettingsReload;
import dev.neurontp.harness.log.Log;
import dev.neurontp.harness.model.HarnessRegistry;
import dev.neurontp.harness.process.OrphanReaper;
import dev.neurontp.harness.process.WorkerGuard;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.worker.Versions;
import dev.neurontp.worker.os.DaemonThread;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running daemon. {@link #start} is its beginning, {@link #stop} its end; any thread may call them. */
public final class Daemon {

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    /** Above the bound of one folder. */
    private static final Duration CLEAN_UP = Duration.ofSeconds(15);

    /** From the end of the last pool to the end of the last connection. */
    private static final Duration HTTP_CLOSE = Duration.ofMillis(1500);
    /** Its files go within milliseconds, on a host that is very busy within a second. */
    private static final Duration FILES_GO = Duration.ofSeconds(3);
    /** The same where somebody wants its end at once. */
    private static final Duration FILES_GO_AT_ONCE = Duration.ofMillis(500);

    /** For the history of the last moments: a disk that does not answer must not hold up the end. */
    private static final Duration LAST_RECORDS = Duration.ofSeconds(1);

    private final LiveSettings live;
    private final EventLog events;
    private final DeviceMonitor devices;
    private final PoolRegistry registry;
    private final HttpServer http;
    private final Registration registration;
    private final CertificateWatch certificates;
    private final Optional<PoolHistory> history;
    private final AtomicBoolean stopped = new AtomicBoolean();
    /** Of SIGHUP: one that is under way, and one that waits for it. */
    private final Semaphore reloads = new Semaphore(2);

    private Daemon(
            LiveSettings live,
            EventLog events,
            DeviceMonitor devices,
            PoolRegistry registry,
            HttpServer http,
            Registration registration,
            CertificateWatch certificates,
            Optional<PoolHistory> history) {
        this.live = live;
        this.events = events;
        this.devices = devices;
        this.registry = registry;
        this.http = http;
        this.registration = registration;
        this.certificates = certificates;
        this.history = history;
    }

    /**
     * Starts a daemon: cleans up after daemons that crashed, then listens.
     *
     * @param environment for the runtime folder, where the settings name none
     * @param ownCommand what our own workers are started with
     * @throws IOException when a file or the address cannot be used; the message is for an operator
     */
    public static Daemon start(
            LiveSettings live, Map<String, String> environment, HarnessRegistry harnesses, List<String> ownCommand)
            throws IOException, InterruptedException {
        Settings settings = live.get();
        RuntimeFolders folders = settings.get(DaemonSettings.RUNTIME_DIR)
                .map(path -> RuntimeFolders.only(RuntimeFolder.at(path)))
                .orElseGet(() -> RuntimeFolders.of(environment));
        RuntimeFolder folder = folders.open();
        Optional<Path> givenToken = settings.get(DaemonSettings.TOKEN_FILE);
        Path tokenFile = givenToken.orElse(folder.tokenFile()).toAbsolutePath();
        Token token = Token.readOrCreate(tokenFile);
        Clock clock = Clock.systemUTC();
        EventLog events = new EventLog(settings.get(DaemonSettings.EVENTS), clock);
        DaemonMetrics metrics = new DaemonMetrics(Versions.product());
        DeviceMonitor devices = new DeviceMonitor(
                settings.get(DaemonSettings.NVIDIA_SMI),
                !settings.isDefault(DaemonSettings.NVIDIA_SMI),
                settings.get(DaemonSettings.DEVICE_POLL),
                settings.get(DaemonSettings.DEVICE_TIMEOUT),
                new XidWatch(metrics.xids()),
                clock);
        DaemonFile starting = DaemonFile.ofThisProcess("", tokenFile, Versions.product(), clock.instant());
        WorkerLedger ledger = new WorkerLedger(folder, starting);
        StateFolders states = settings.get(DaemonSettings.STATE_DIR)
                .map(StateFolders::only)
                .orElseGet(() -> StateFolders.of(environment));
        Optional<PoolHistory> history = history(settings, states, events, clock);
        PoolServices services = new PoolServices(
                clock,
                events,
                metrics,
                devices,
                ledger,
                history.<PoolRecords>map(known -> known).orElse(PoolRecords.NONE),
                new SettingsRules(live),
                () -> live.get().get(DaemonSettings.COMMANDS_ARE_WORKERS),
                new PoolLifeLog(() -> live.get().get(DaemonSettings.LOG_FAILURES)),
                settings.get(DaemonSettings.LOG_LINES),
                settings.get(DaemonSettings.WAITING),
                settings.get(DaemonSettings.PROOF));
        PoolRegistry registry = new PoolRegistry(
                services, settings.get(DaemonSettings.POOLS), settings.get(DaemonSettings.ENDED_POOLS));
        PoolCreator creator = new PoolCreator(registry, services);
        cleanUp(folders, creator);
        CertificateWatch certificates = new CertificateWatch(HttpServer.certificateFiles(settings), live);
        HttpServer http = new HttpServer(
                live,
                token,
                new HttpServices(registry, creator, new PastPools(states), events, devices, harnesses, metrics),
                ownCommand);
        devices.start();
        http.start();
        if (history.isPresent()) {
            history.get().start();
        }
        DaemonFile file = starting.listeningAt(http.url(), http.certificates());
        Registration registration = new Registration(folders, folder, file, token, givenToken.isEmpty(), ledger, clock);
        live.onReload(next -> {
            Runnable reachable = http.prepare(next, registration::show);
            return () -> {
                reachable.run();
                registry.limit(next.get(DaemonSettings.POOLS), next.get(DaemonSettings.ENDED_POOLS));
                Log.use(next.get(DaemonSettings.LOG_LEVEL), next.get(DaemonSettings.LOG_FORMAT), environment);
            };
        });
        certificates.start();
        // What can fail is before its file: a daemon that does not start leaves none.
        if (OrphanReaper.isProcess1()) {
            OrphanReaper.start();
            LOG.info(
                    "this is process 1 of a container, and reaps what other processes leave there: docker run --init is not needed");
        }
        registration.begin();
        LOG.info("listening at {}, found by {}", file.url(), folder.path());
        return new Daemon(live, events, devices, registry, http, registration, certificates, history);
    }

    private static Optional<PoolHistory> history(
            Settings settings, StateFolders folders, EventLog events, Clock clock) {
        HistoryLimits limits = new HistoryLimits(
                settings.get(DaemonSettings.HISTORY_POOLS),
                settings.get(DaemonSettings.HISTORY_BYTES),
                Duration.ofDays(settings.get(DaemonSettings.HISTORY_DAYS)));
        return limits.pools() == 0
                ? Optional.empty()
                : Optional.of(new PoolHistory(folders, limits, Versions.product(), events, clock));
    }

    /** A folder whose file system does not answer must not block the start. */
    private static void cleanUp(RuntimeFolders folders, Heir heir) throws InterruptedException {
        if (!DaemonThread.runWithin(CLEAN_UP, "orphan-cleanup", () -> cleanAll(folders, heir))) {
            LOG.warn("what earlier daemons left behind is still being cleaned up, in {}", folders.text());
        }
    }

    private static void cleanAll(RuntimeFolders folders, Heir heir) {
        try {
            List<OrphanCleanup> cleanups = folders.own().stream()
                    .filter(RuntimeFolder::isOurs)
                    .map(folder -> new OrphanCleanup(folder, heir))
                    .toList();
            cleanups.forEach(OrphanCleanup::takeOver); // all before the first end, which may take a while
            for (OrphanCleanup cleanup : cleanups) {
                cleanup.clean().forEach(line -> LOG.warn("found: {}", line));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where it listens. */
    public String url() {
        return file().url();
    }

    /** What stands in the runtime folder. */
    public DaemonFile file() {
        return registration.file();
    }

    /** Whether there was a pool, and each has ended because somebody asked for that. */
    boolean hasNoPoolAnyMore() {
        return registry.hasNoPoolAnyMore();
    }

    /** The folder that it is found in. */
    public RuntimeFolder folder() {
        return registration.folder();
    }

    /**
     * Stops: no new work, all pools shut down in parallel, then the server. Bounded by the setting {@code stop.limit}.
     *
     * @return whether every rank of every pool was seen to end
     */
    public boolean stop() throws InterruptedException {
        if (!stopped.compareAndSet(false, true)) {
            return true;
        }
        Duration limit = live.get().get(DaemonSettings.STOP);
        Deadline deadline = Deadline.in(limit);
        boolean gone = false;
        try {
            certificates.close();
            registry.stopTakingWork();
            gone = registry.shutDownAll(deadline.within(limit.minus(HTTP_CLOSE)));
            events.closeAfter(new EventData.DaemonStopping());
            devices.close();
            if (history.isPresent()) {
                history.get().close(LAST_RECORDS);
            }
            closeHttp(deadline);
        } finally {
            // Also where a step breaks off, as one does that gets no thread: this process ends then, too.
            registration.end(gone, FILES_GO);
        }
        if (gone) {
            WorkerGuard.dismiss();
        }
        return gone;
    }

    private void closeHttp(Deadline deadline) throws InterruptedException {
        if (!DaemonThread.runWithin(Duration.ofNanos(deadline.remainingNanos() + 1), "http-close", http::close)) {
            LOG.warn("the HTTP server did not close in time and is left behind");
        }
    }

    /**
     * Reads the settings again and says in the log what that has brought. While one reload waits for another one it also stands
     * for all that are asked for by then: each would hold a thread. Any thread may call.
     */
    void reload() {
        if (!reloads.tryAcquire()) {
            return;
        }
        try {
            readSettingsAgain();
        } finally {
            reloads.release();
        }
    }

    private void readSettingsAgain() {
        try {
            SettingsReload reload = live.reload();
            reload.changed()
                    .forEach(change -> LOG.info("{} = {} now, was {}", change.name(), change.after(), change.before()));
            reload.needRestart()
                    .forEach(change -> LOG.warn(
                            "{} = {} needs a restart of this daemon, which goes on with {}",
                            change.name(),
                            change.after(),
                            change.before()));
            LOG.info("the settings were read again");
        } catch (SettingsException e) {
            e.getMessage().lines().forEach(line -> LOG.warn("the settings were not taken: {}", line));
        }
    }

    /** Returns once its pools can be asked for: where a lock is held for good, never. */
    void probe() {
        registry.isStopping();
    }

    /** Removes the daemon's file and does nothing else: for a process that ends at once. Bounded by half a second. */
    void abandon() {
        try {
            registration.end(false, FILES_GO_AT_ONCE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
