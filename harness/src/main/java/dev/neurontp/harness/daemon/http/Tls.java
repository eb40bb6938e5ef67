package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The files that TLS needs. */
final class Tls {
    private Tls() {}

    /** Empty when the settings name none. */
    static Optional<SslContextFactory.Server> of(Settings settings) throws IOException {
        Optional<Path> keystore = settings.get(DaemonSettings.TLS_KEYSTORE);
        if (keystore.isEmpty()) {
            return Optional.empty();
        }
        Path passwordFile = settings.get(DaemonSettings.TLS_PASSWORD_FILE).orElseThrow();
        char[] password = Files.readString(passwordFile).strip().toCharArray();
        try (InputStream in = Files.newInputStream(keystore.get())) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            SslContextFactory.Server server = new SslContextFactory.Server();
            server.setKeyStore(keys);
            server.setKeyStorePassword(new String(password));
            server.setSniRequired(false);
            return Optional.of(server);
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException(
                    "the keystore " + keystore.get()
                            + " (http.tls_keystore) cannot be read as PKCS#12 with the password in " + passwordFile
                            + ": " + e.getMessage(),
                    e);
        }
    }
}
