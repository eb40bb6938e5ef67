package dev.neurontp.harness.daemon.http;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.Fingerprint;
import dev.neurontp.harness.daemon.runtime.SmallFile;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.UnrecoverableKeyException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the server shows to clients of TLS, as the files that the settings name hold it.
 *
 * @param keys each private key with its certificates
 * @param password of the keys in {@code keys}
 * @param fingerprints of all certificates that the server may show, for clients who find it by its file
 * @param names the host names of those certificates; a name for many hosts, with a star, is none
 */
record ServerCertificates(KeyStore keys, String password, List<String> fingerprints, Set<String> names) {
    /** Of a subject alternative name (RFC 5280, 4.2.1.6). */
    private static final int DNS_NAME = 2;

    private static final int MOST_BYTES = 1 << 20;
    private static final Logger LOG = LoggerFactory.getLogger(ServerCertificates.class);

    ServerCertificates {
        fingerprints = List.copyOf(fingerprints);
        names = Set.copyOf(names);
    }

    /**
     * Reads the files that the settings name; empty when they name none.
     *
     * @throws IOException with the file, the setting and the reason, for an operator
     */
    static Optional<ServerCertificates> read(Settings settings) throws IOException {
        Optional<Path> keystore = settings.get(DaemonSettings.TLS_KEYSTORE);
        if (keystore.isPresent()) {
            Path passwordFile = settings.get(DaemonSettings.TLS_PASSWORD_FILE).orElseThrow();
            String password = password(passwordFile);
            String name = "the keystore " + keystore.get() + " (http.tls_keystore)";
            return Optional.of(of(keys(keystore.get(), passwordFile, password.toCharArray()), password, name));
        }
        Optional<Path> certificate = settings.get(DaemonSettings.TLS_CERT_FILE);
        if (certificate.isPresent()) {
            PemFiles.Pair pair = PemFiles.read(
                    certificate.get(), settings.get(DaemonSettings.TLS_KEY_FILE).orElseThrow());
            return Optional.of(of(pair.keys(), pair.password(), PemFiles.certificateFile(certificate.get())));
        }
        return Optional.empty();
    }

    /** The files that the settings name: whoever renews a certificate writes them again. */
    static List<Path> files(Settings settings) {
        return Stream.of(
                        DaemonSettings.TLS_KEYSTORE,
                        DaemonSettings.TLS_PASSWORD_FILE,
                        DaemonSettings.TLS_CERT_FILE,
                        DaemonSettings.TLS_KEY_FILE)
                .flatMap(setting -> settings.get(setting).stream())
                .toList();
    }

    private static String password(Path file) throws IOException {
        try {
            return new String(SmallFile.readFollowing(file, MOST_BYTES), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new IOException(
                    "the file " + file + " (http.tls_password_file) cannot be read: " + FileErrors.reason(e), e);
        }
    }

    private static KeyStore keys(Path file, Path passwordFile, char[] password) throws IOException {
        String name = "the keystore " + file + " (http.tls_keystore)";
        byte[] content;
        try {
            content = SmallFile.readFollowing(file, MOST_BYTES);
        } catch (IOException e) {
            throw new IOException(name + " cannot be read as PKCS#12: " + FileErrors.reason(e), e);
        }
        try (InputStream in = new ByteArrayInputStream(content)) {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(in, password);
            return keys;
        } catch (GeneralSecurityException | IOException e) {
            throw new IOException(
                    e.getCause() instanceof UnrecoverableKeyException
                            ? name + " has another password than the one in " + passwordFile
                                    + " (http.tls_password_file): put its own there, on one line"
                            : name + " cannot be read as PKCS#12: what stands there is none",
                    e);
        }
    }

    private static ServerCertificates of(KeyStore keys, String password, String file) throws IOException {
        List<String> found = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        try {
            for (String alias : Collections.list(keys.aliases())) {
                if (keys.isKeyEntry(alias) && keys.getCertificate(alias) instanceof X509Certificate certificate) {
                    found.add(Fingerprint.of(certificate));
                    names.addAll(names(certificate));
                    warnIfOutOfTime(certificate, file);
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " cannot be read: " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            throw new IOException(file + " holds no private key with its certificate: create one with"
                    + " keytool -genkeypair, or openssl pkcs12 -export");
        }
        try {
            TrialHandshake.with(keys, password);
        } catch (GeneralSecurityException | SSLException e) {
            throw new IOException(
                    file + " holds a certificate that Java does not show to any client (" + e.getMessage()
                            + "): use a key of the kind EC, or RSA with 2048 bits or more",
                    e);
        }
        return new ServerCertificates(keys, password, found, names);
    }

    private static List<String> names(X509Certificate certificate) throws CertificateException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        return names == null
                ? List.of()
                : names.stream()
                        .filter(name -> name.get(0).equals(DNS_NAME))
                        .map(name -> name.get(1).toString())
                        .filter(name -> !name.contains("*"))
                        .toList();
    }

    /** Clients refuse such a certificate, so the log says why. */
    private static void warnIfOutOfTime(X509Certificate certificate, String file) {
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            LOG.warn("clients will refuse the certificate in {}: {}", file, e.getMessage());
        }
    }
}
