package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.daemon.dashboard.Sessions;
import dev.neurontp.harness.daemon.pool.Readiness;
import dev.neurontp.harness.daemon.runtime.HostIdentity;
import dev.neurontp.harness.daemon.runtime.Token;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.LiveSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ThreadLimitException;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.util.JavalinException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of a daemon: Javalin, each request on a virtual thread of its own. */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final int MOST_PLATFORM_THREADS = 32;
    private static final int LEAST_PLATFORM_THREADS = 8;
    private static final int BACKLOG = 2048;
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(1);
    /** How long a client that keeps its connection for a next request may keep the stopping server. */
    private static final Duration IDLE_AT_THE_END = Duration.ofMillis(100);

    private final Javalin javalin;
    private final Optional<Tls> tls;
    private final RequestGuard guard;
    private final String host;
    private final int port;

    /** Has another thread load what takes a tenth of a second, while the caller reads settings. Without that thread the start does it. */
    public static void loadAhead() {
        try {
            // It looks at every locale of the JDK.
            DaemonThread.start("http-load", () -> Objects.requireNonNull(MimeTypes.DEFAULTS));
        } catch (ThreadLimitException e) {
            LOG.debug("the start takes longer: {}", e.getMessage());
        }
    }

    /**
     * Not listening yet.
     *
     * @param ownCommand what our own workers are started with
     * @throws IOException when the TLS files cannot be read
     */
    public HttpServer(LiveSettings live, Token token, HttpServices services, List<String> ownCommand)
            throws IOException {
        CarrierThread.keep();
        Settings settings = live.get();
        this.tls = ServerCertificates.read(settings).map(Tls::new);
        this.host = settings.get(DaemonSettings.HTTP_HOST);
        this.port = settings.get(DaemonSettings.HTTP_PORT);
        int connections = ConnectionLimit.of(settings.get(DaemonSettings.CONNECTIONS));
        RequestBody body = new RequestBody(settings.get(DaemonSettings.BODY_BYTES));
        Sessions sessions = new Sessions();
        PastPoolViews past = new PastPoolViews(services.registry(), services.past());
        Routes routes = new Routes(
                new NodeRoutes(
                        services.registry(),
                        new Readiness(settings.get(DaemonSettings.PROOF)),
                        services.devices(),
                        services.harnesses(),
                        services.metrics(),
                        body),
                new PoolRoutes(
                        services.registry(), services.creator(), past, new PoolRequestReader(live, ownCommand), body),
                new StreamRoutes(
                        services.registry(),
                        past,
                        services.events(),
                        settings.get(DaemonSettings.STREAMS),
                        settings.get(DaemonSettings.KEEP_ALIVE)),
                new DashboardRoutes(sessions, token, body),
                new SettingsRoutes(live));
        this.guard = new RequestGuard(
                token, sessions, names(settings, tls.map(Tls::names)), settings.get(DaemonSettings.BODY_BYTES));
        this.javalin = Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.startup.showOldJavalinVersionWarning = false;
            config.startup.startupWatcherEnabled = false;
            config.http.prefer405over404 = true;
            config.http.compressionStrategy = CompressionStrategy.NONE;
            config.router.ignoreTrailingSlashes = false;
            config.router.javaLangErrorHandler(Responses::failed);
            config.jetty.threadPool = threads();
            config.jetty.modifyServer(server -> {
                server.setErrorHandler(new ServerErrors());
                server.setRequestLog(new AuditLog());
                server.insertHandler(guard);
                server.insertHandler(new LingeringClose());
                // Answers that are under way, and the last events of a stream, still go out when the server stops.
                server.insertHandler(new GracefulHandler());
                server.setStopTimeout(LAST_ANSWERS.toMillis());
                server.addBean(new NetworkConnectionLimit(connections, server));
            });
            config.jetty.modifyServletContextHandler(context -> {
                context.setErrorHandler(new ServerErrors());
                // Else an empty path is answered with a redirect.
                context.setAllowNullPathInContext(true);
            });
            config.jetty.modifyHttpConfiguration(http -> {
                // Jetty's own would refuse a Host that is no name of the certificate: RequestGuard checks it better.
                http.addCustomizer(new SecureRequestCustomizer(false));
                http.setUriCompliance(UriCompliance.DEFAULT);
                http.setRequestHeaderSize(settings.get(DaemonSettings.HEADER_BYTES));
                http.setIdleTimeout(settings.get(DaemonSettings.IDLE).toMillis());
            });
            config.jetty.addConnector((server, http) -> connector(server, http, tls, settings));
            routes.register(config.routes);
        });
    }

    private static AllowedHosts names(Settings settings, Optional<Set<String>> certified) {
        Set<String> ownNames = new HashSet<>(certified.orElse(Set.of()));
        String hostName = HostIdentity.hostName();
        ownNames.add(hostName);
        ownNames.add(hostName.split("\\.", 2)[0]);
        return AllowedHosts.of(
                settings.get(DaemonSettings.HTTP_HOST),
                ownNames,
                settings.get(DaemonSettings.HTTP_HOSTS),
                settings.get(DaemonSettings.HTTP_ORIGINS));
    }

    private static QueuedThreadPool threads() {
        // Jetty's own queue asks JMX for the size of a cache line, which takes a fifth of the CPU time of a daemon's
        // start.
        QueuedThreadPool threads =
                new QueuedThreadPool(MOST_PLATFORM_THREADS, LEAST_PLATFORM_THREADS, new LinkedBlockingQueue<>());
        threads.setName("http");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(DaemonThread.virtual("http"));
        return threads;
    }

    private static ServerConnector connector(
            Server server, HttpConfiguration http, Optional<Tls> tls, Settings settings) {
        HttpConnectionFactory plain = new HttpConnectionFactory(http);
        ServerConnector connector = tls.map(files ->
                        new HttpConnector(server, new SslConnectionFactory(files.factory(), "http/1.1"), plain))
                .orElseGet(() -> new HttpConnector(server, plain));
        connector.setHost(settings.get(DaemonSettings.HTTP_HOST));
        connector.setPort(settings.get(DaemonSettings.HTTP_PORT));
        connector.setIdleTimeout(settings.get(DaemonSettings.IDLE).toMillis());
        connector.setAcceptQueueSize(BACKLOG);
        connector.setShutdownIdleTimeout(IDLE_AT_THE_END.toMillis());
        return connector;
    }

    /**
     * Begins to listen.
     *
     * @throws IOException when the address cannot be had, with the reason
     */
    public void start() throws IOException {
        try {
            javalin.start();
        } catch (JavalinException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            Throwable root = cause.getCause() == null ? cause : cause.getCause();
            throw new IOException(
                    "it cannot listen at " + host + ":" + port + " (" + root.getMessage()
                            + "): choose another address with --host and --port, or end the program that listens there",
                    e);
        } catch (OutOfMemoryError e) {
            if (ThreadLimitException.isCauseOf(e)) {
                throw ThreadLimitException.of("http", e);
            }
            throw e;
        }
    }

    /** Where it listens, as a client on this host writes it. */
    public String url() {
        return ListenUrl.of(tls.isPresent() ? "https" : "http", host, javalin.port());
    }

    /** The fingerprints of the certificates that it may show; empty without TLS. */
    public List<String> certificates() {
        return tls.map(Tls::fingerprints).orElse(List.of());
    }

    /** The files of its certificate and key; empty without TLS. */
    public static List<Path> certificateFiles(Settings settings) {
        return ServerCertificates.files(settings);
    }

    /**
     * Reads its certificates again, and the names by which it may be called.
     *
     * @param announce told the fingerprints before the first client can see a new certificate
     * @return what puts both in force
     * @throws IOException with the file, the setting and the reason, for an operator
     */
    public Runnable prepare(Settings next, Consumer<List<String>> announce) throws IOException {
        Optional<ServerCertificates> fresh = tls.isPresent() ? ServerCertificates.read(next) : Optional.empty();
        return () -> {
            fresh.ifPresent(certificates -> {
                announce.accept(Stream.of(certificates(), certificates.fingerprints())
                        .flatMap(List::stream)
                        .distinct()
                        .toList());
                tls.get().show(certificates);
                announce.accept(certificates());
            });
            guard.allow(names(next, tls.map(Tls::names)));
        };
    }

    @Override
    public void close() {
        try {
            javalin.stop();
        } catch (JavalinException e) {
            LOG.debug("some answers were still under way: {}", e.getMessage());
        }
    }
}
