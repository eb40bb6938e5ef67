package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.TestKeystore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged daemon on a JDK whose own settings would take old versions of TLS. */
@Tag("long")
class TlsVersionsIT {
    private static final String PASSWORD = "secret-of-the-store";

    @TempDir
    Path folder;

    @Test
    void versionsOfTlsBefore12AreRefusedWhateverTheJdkTakes() throws Exception {
        Path keystore = TestKeystore.create(folder.resolve("keys.p12"), PASSWORD, "node-1", "dns:localhost");
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        Path lax = Files.writeString(folder.resolve("lax"), "jdk.tls.disabledAlgorithms=\n");
        Map<String, String> environment = Map.of(
                "NEURON_HTTP__TLS_KEYSTORE", keystore.toString(),
                "NEURON_HTTP__TLS_PASSWORD_FILE", password.toString(),
                "NEURON_JAVA_OPTS", "-Djava.security.properties=" + lax);
        try (DaemonProcess neuron = DaemonProcess.listening(folder, environment)) {
            URI url = URI.create(neuron.url());
            for (int minor = 0; minor <= 2; minor++) {
                assertThat(TlsTest.answerTo(url, minor)).as("3.%s", minor).isEqualTo(TlsTest.TLS_ALERT);
            }
            assertThat(TlsTest.answerTo(url, 3)).isEqualTo(TlsTest.TLS_HANDSHAKE);
        }
    }
}
