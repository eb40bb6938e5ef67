package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import dev.neurontp.harness.daemon.settings.SettingsReader;
import dev.neurontp.testing.TestKeystore;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The daemon behind TLS, with keystores that keytool made, and what it says of those that it cannot use. */
@Tag("long")
class TlsTest {
    static final int TLS_ALERT = 21;
    static final int TLS_HANDSHAKE = 22;
    private static final String PASSWORD = "secret-of-the-store";

    @TempDir
    Path folder;

    private Path keystore() throws IOException, InterruptedException {
        password(PASSWORD);
        return TestKeystore.create(folder.resolve("keys.p12"), PASSWORD, "node-1", "dns:localhost,ip:127.0.0.1");
    }

    private Path password(String text) throws IOException {
        return Files.writeString(folder.resolve("password"), text + "\n");
    }

    private static UnaryOperator<Settings> tls(Path keystore, Path password) {
        return settings -> settings.with(DaemonSettings.TLS_KEYSTORE, Optional.of(keystore))
                .with(DaemonSettings.TLS_PASSWORD_FILE, Optional.of(password));
    }

    private static HttpClient trusting(Path keystore) throws Exception {
        return HttpClient.newBuilder().sslContext(context(keystore)).build();
    }

    private static SSLContext context(Path keystore) throws Exception {
        KeyStore own = KeyStore.getInstance(keystore.toFile(), PASSWORD.toCharArray());
        KeyStore known = KeyStore.getInstance("PKCS12");
        known.load(null, null);
        known.setCertificateEntry("daemon", own.getCertificate(TestKeystore.ALIAS));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(known);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    /** As {@link EarlyAnswerTest}, where the bytes are of TLS. */
    @Test
    void whoWritesAllFirstSeesTheEarlyAnswer() throws Exception {
        Path keystore = keystore();
        try (TestDaemon daemon = TestDaemon.start(folder, tls(keystore, folder.resolve("password")));
                Socket socket = context(keystore)
                        .getSocketFactory()
                        .createSocket(
                                "127.0.0.1", URI.create(daemon.daemon.url()).getPort())) {
            socket.setSoTimeout(60_000);
            OutputStream out = socket.getOutputStream();
            out.write("POST /pools HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6291456\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[6 << 20]);
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 401 ")
                    .endsWith("}}");
        }
    }

    @Test
    void whoTrustsTheCertificateIsServedAndNobodyElse() throws Exception {
        Path keystore = keystore();
        try (TestDaemon daemon = TestDaemon.start(folder, tls(keystore, folder.resolve("password")));
                HttpClient client = trusting(keystore)) {
            assertThat(daemon.daemon.url()).startsWith("https://127.0.0.1:");
            HttpResponse<String> pools =
                    client.send(daemon.request("/pools").build(), HttpResponse.BodyHandlers.ofString());
            assertThat(pools.statusCode()).isEqualTo(200);
            assertThat(client.send(
                                    daemon.request("/pools")
                                            .header("Origin", daemon.daemon.url())
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            // Whom we may be called is the gate's business, not the certificate's.
            assertThat(client.send(
                                    HttpRequest.newBuilder(URI.create(
                                                    daemon.daemon.url().replace("127.0.0.1", "localhost") + "/livez"))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .isEqualTo(200);
            assertThatThrownBy(() -> daemon.get("/pools")).isInstanceOf(SSLHandshakeException.class);
            assertThat(daemon.daemon.file().certificates())
                    .singleElement()
                    .satisfies(fingerprint -> assertThat(fingerprint).matches("[0-9a-f]{64}"));
        }
    }

    /** As a client says it that reaches the daemon by the name that the certificate is for. */
    @ParameterizedTest
    @CsvSource({"node-7.example:13131, 401", "NODE-7.example, 401", "any.wild.example, 403", "node-8.example, 403"})
    void theNamesOfTheCertificateAreTaken(String host, int status) throws Exception {
        password(PASSWORD);
        String names = "dns:localhost,ip:127.0.0.1,dns:node-7.example,dns:*.wild.example";
        Path keystore = TestKeystore.create(folder.resolve("keys.p12"), PASSWORD, "node-7", names);
        try (TestDaemon daemon = TestDaemon.start(folder, tls(keystore, folder.resolve("password")))) {
            URI url = URI.create(daemon.daemon.url());
            try (Socket socket = context(keystore).getSocketFactory().createSocket(url.getHost(), url.getPort())) {
                socket.setSoTimeout(20_000);
                String request = "GET /pools HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                assertThat(readUntilClosed(socket)).startsWith("HTTP/1.1 " + status + " ");
            }
        }
    }

    @Test
    void plainHttpGetsNoAnswerFromAPortWithTls() throws Exception {
        Path keystore = keystore();
        try (TestDaemon daemon = TestDaemon.start(folder, tls(keystore, folder.resolve("password")))) {
            URI url = URI.create(daemon.daemon.url());
            try (Socket socket = new Socket(url.getHost(), url.getPort())) {
                socket.setSoTimeout(20_000);
                socket.getOutputStream()
                        .write("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertThat(readUntilClosed(socket)).doesNotContain("HTTP/", "live");
            }
        }
    }

    /** SSL 3.0, TLS 1.0 and 1.1 get an alert; the same message as TLS 1.2 gets an answer. Java's own client would not send it. */
    @Test
    void versionsOfTlsBefore12AreRefused() throws Exception {
        Path keystore = keystore();
        try (TestDaemon daemon = TestDaemon.start(folder, tls(keystore, folder.resolve("password")))) {
            URI url = URI.create(daemon.daemon.url());
            for (int minor = 0; minor <= 2; minor++) {
                assertThat(answerTo(url, minor)).as("3.%s", minor).isEqualTo(TLS_ALERT);
            }
            assertThat(answerTo(url, 3)).isEqualTo(TLS_HANDSHAKE);
        }
    }

    /** The type of the first record that comes for the hello of a client that knows version 3.{@code minor} at most. */
    static int answerTo(URI url, int minor) throws IOException {
        String extensions = "000a00080006001d00170018" + "000b00020100" + "000d000c000a0403050308040401" + "0201";
        String body = "030" + minor + "5a".repeat(32) + "00" + "000cc02bc02fc009c013002f0035" + "0100"
                + String.format("%04x", extensions.length() / 2) + extensions;
        String handshake = String.format("01%06x", body.length() / 2) + body;
        String hello = String.format("160301%04x", handshake.length() / 2) + handshake;
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(HexFormat.of().parseHex(hello));
            return socket.getInputStream().read();
        }
    }

    private static String readUntilClosed(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    @Test
    void aWrongPasswordIsSaidWithoutQuotingIt() throws Exception {
        Path keystore = keystore();
        Path password = password("another-secret");
        assertThatThrownBy(() -> TestDaemon.start(folder, tls(keystore, password)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the keystore " + keystore + " (http.tls_keystore) has another password")
                .hasMessageContaining(password + " (http.tls_password_file)")
                .hasMessageNotContaining("another-secret");
    }

    @Test
    void filesThatAreNotThereOrHoldNoKeyAreSaid() throws Exception {
        Path keystore = keystore();
        Path password = folder.resolve("password");
        Path none = folder.resolve("none");
        assertThatThrownBy(() -> TestDaemon.start(folder, tls(none, password)))
                .hasMessage("the keystore " + none
                        + " (http.tls_keystore) cannot be read as PKCS#12: there is no such file");
        assertThatThrownBy(() -> TestDaemon.start(folder, tls(keystore, none)))
                .hasMessage("the file " + none + " (http.tls_password_file) cannot be read: there is no such file");
        Path endless = Path.of("/dev/zero");
        assertThatThrownBy(() -> TestDaemon.start(folder, tls(keystore, endless)))
                .hasMessageContaining("(http.tls_password_file) cannot be read: it is a FIFO, a socket or a device");
        assertThatThrownBy(() -> TestDaemon.start(folder, tls(endless, password)))
                .hasMessageContaining(
                        "(http.tls_keystore) cannot be read as PKCS#12: it is a FIFO, a socket or a device");
        Path text = Files.writeString(folder.resolve("text"), "-----BEGIN CERTIFICATE-----\n");
        assertThatThrownBy(() -> TestDaemon.start(folder, tls(text, password)))
                .hasMessageContaining("cannot be read as PKCS#12");
        KeyStore empty = KeyStore.getInstance("PKCS12");
        empty.load(null, null);
        try (var out = Files.newOutputStream(folder.resolve("empty.p12"))) {
            empty.store(out, PASSWORD.toCharArray());
        }
        assertThatThrownBy(() -> TestDaemon.start(folder, tls(folder.resolve("empty.p12"), password)))
                .hasMessageContaining("holds no private key")
                .hasMessageContaining("keytool -genkeypair");
    }

    private Path pem(Path keystore, String name) throws Exception {
        Files.writeString(folder.resolve(name + ".key"), TestKeystore.key(keystore, PASSWORD));
        return Files.writeString(folder.resolve(name + ".pem"), TestKeystore.certificate(keystore, PASSWORD));
    }

    private static UnaryOperator<Settings> pemFiles(Path certificate, Path key) {
        return settings -> settings.with(DaemonSettings.TLS_CERT_FILE, Optional.of(certificate))
                .with(DaemonSettings.TLS_KEY_FILE, Optional.of(key));
    }

    /** As certbot and cert-manager do it: first one file, then the other; whoever trusts the new one is served without a restart. */
    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        Path first = TestKeystore.create(folder.resolve("1.p12"), PASSWORD, "node-1", "dns:localhost,ip:127.0.0.1");
        Path second =
                TestKeystore.create(folder.resolve("2.p12"), PASSWORD, "node-1", "dns:node-9.example,ip:127.0.0.1");
        Path certificate = pem(first, "tls");
        try (TestDaemon daemon = TestDaemon.start(folder, pemFiles(certificate, folder.resolve("tls.key")));
                HttpClient old = trusting(first);
                HttpClient renewed = trusting(second)) {
            HttpRequest pools = daemon.request("/pools").build();
            assertThat(old.send(pools, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            String before = daemon.daemon.file().certificates().getFirst();
            Files.writeString(certificate, TestKeystore.certificate(second, PASSWORD));
            assertThat(daemon.post(old, "/reload").message()).contains("tls.key (http.tls_key_file) is not the key");
            Files.writeString(folder.resolve("tls.key"), TestKeystore.key(second, PASSWORD));
            await().ignoreExceptions()
                    .until(() -> renewed.send(pools, HttpResponse.BodyHandlers.ofString())
                                    .statusCode()
                            == 200);
            await().until(() -> !daemon.daemon.file().certificates().contains(before));
            assertThat(Files.readString(daemon.runtime.resolve(
                            "daemon-" + daemon.daemon.file().pid() + ".json")))
                    .contains(daemon.daemon.file().certificates().getFirst())
                    .doesNotContain(before);
            try (HttpClient again = trusting(first)) {
                assertThatThrownBy(() -> again.send(pools, HttpResponse.BodyHandlers.ofString()))
                        .isInstanceOf(SSLHandshakeException.class);
            }
        }
    }

    @Test
    void pemFilesThatCannotBeUsedAreSaidWithTheRemedy() throws Exception {
        Path first = TestKeystore.create(folder.resolve("1.p12"), PASSWORD, "node-1", "dns:localhost");
        Path second = TestKeystore.create(folder.resolve("2.p12"), PASSWORD, "node-1", "dns:localhost");
        Path certificate = pem(first, "1");
        Path key = folder.resolve("1.key");
        pem(second, "2");
        Path none = folder.resolve("none");
        for (var wrong : Map.of(
                        pemFiles(none, key),
                                "the file " + none + " (http.tls_cert_file) cannot be read: there is no such file",
                        pemFiles(certificate, none),
                                "the file " + none + " (http.tls_key_file) cannot be read: there is no",
                        pemFiles(certificate, certificate), "(http.tls_key_file) holds no key in PEM",
                        pemFiles(key, key), "(http.tls_cert_file) holds no certificate in PEM",
                        pemFiles(first, key), "for PKCS#12 use http.tls_keystore",
                        pemFiles(certificate, folder.resolve("2.key")), "is not the key of the first certificate in",
                        pemFiles(certificate, Path.of("/dev/zero")),
                                "cannot be read: it is a FIFO, a socket or a device")
                .entrySet()) {
            assertThatThrownBy(() -> TestDaemon.start(folder, wrong.getKey()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(wrong.getValue());
        }
        Files.writeString(key, Files.readString(key).replace("PRIVATE KEY", "EC PRIVATE KEY"));
        assertThatThrownBy(() -> TestDaemon.start(folder, pemFiles(certificate, key)))
                .hasMessageContaining("holds a key as 'EC PRIVATE KEY'")
                .hasMessageContaining("openssl pkcs8 -topk8 -nocrypt -in " + key);
        Files.writeString(key, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        assertThatThrownBy(() -> TestDaemon.start(folder, pemFiles(certificate, key)))
                .hasMessageContaining("holds no key of the kind that the certificate has (EC)");
    }

    @Test
    void twoCertificatesOrHalfAPairAreRefused() {
        assertThatThrownBy(() ->
                        SettingsReader.read(Optional.empty(), Map.of("NEURON_HTTP__TLS_CERT_FILE", "/c"), List.of()))
                .hasMessageContaining("http.tls_cert_file and http.tls_key_file go together");
        assertThatThrownBy(() -> SettingsReader.read(
                        Optional.empty(),
                        Map.of(
                                "NEURON_HTTP__TLS_CERT_FILE", "/c",
                                "NEURON_HTTP__TLS_KEY_FILE", "/k",
                                "NEURON_HTTP__TLS_KEYSTORE", "/s",
                                "NEURON_HTTP__TLS_PASSWORD_FILE", "/p"),
                        List.of()))
                .hasMessageContaining("are two certificates for one daemon");
    }

    @Test
    void withTlsAnAddressThatOthersReachIsTaken() throws Exception {
        Map<String, String> environment = Map.of(
                "NEURON_HTTP__HOST",
                "0.0.0.0",
                "NEURON_HTTP__TLS_KEYSTORE",
                "/k",
                "NEURON_HTTP__TLS_PASSWORD_FILE",
                "/p");
        Settings settings = SettingsReader.read(Optional.empty(), environment, List.of());
        assertThat(settings.get(DaemonSettings.HTTP_HOST)).isEqualTo("0.0.0.0");
    }
}
