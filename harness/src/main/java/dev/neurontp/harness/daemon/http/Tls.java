package dev.neurontp.harness.daemon.http;

import java.util.List;
import java.util.Set;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** TLS of the server, whose certificates can be changed while it runs. */
final class Tls {
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    private volatile ServerCertificates shown;

    Tls(ServerCertificates first) {
        this.shown = first;
        put(first, factory);
        factory.setSniRequired(false);
        // Whatever the JDK of this host is set to take.
        factory.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    }

    private static void put(ServerCertificates certificates, SslContextFactory server) {
        server.setKeyStore(certificates.keys());
        server.setKeyStorePassword(certificates.password());
    }

    /** What Jetty's connector takes. */
    SslContextFactory.Server factory() {
        return factory;
    }

    /** New connections see these from now on. */
    void show(ServerCertificates next) {
        try {
            factory.reload(server -> put(next, server));
        } catch (Exception e) {
            throw new IllegalStateException("Jetty refused certificates that were read and checked", e);
        }
        shown = next;
    }

    List<String> fingerprints() {
        return shown.fingerprints();
    }

    Set<String> names() {
        return shown.names();
    }
}
