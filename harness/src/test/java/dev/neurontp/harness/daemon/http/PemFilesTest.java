package dev.neurontp.harness.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PemFilesTest {
    @TempDir
    private Path folder;

    /** A certificate is read again whenever it changes, and nobody writes into a pipe a second time. */
    @Test
    void aPipeIsNoCertificate() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        assertThatThrownBy(() -> PemFiles.read(fifo, fifo))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("http.tls_cert_file", "not a regular file");
    }

    /** It can be read and belongs to its key, and a daemon that took it could be reached by nobody, not even to correct it. */
    @Test
    void aCertificateThatNobodyCanBeShownIsRefused() throws Exception {
        assertThatThrownBy(() -> read("RSA", "512"))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("http.tls_keystore", "does not show to any client", "EC");
        assertThat(read("RSA", "2048").orElseThrow().fingerprints()).hasSize(1);
        assertThat(read("Ed25519", "").orElseThrow().fingerprints()).hasSize(1);
    }

    /** Java's words name its classes, and may quote all that stands in the file. */
    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "MIIB", "MIIBAAAA"})
    void whatIsNoCertificateIsNamedAndNotQuoted(String content) throws Exception {
        Path file = Files.writeString(
                folder.resolve("broken"), "-----BEGIN CERTIFICATE-----\n" + content + "\n-----END CERTIFICATE-----\n");
        assertThatThrownBy(() -> PemFiles.read(file, file))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("http.tls_cert_file", "cannot be read", "no X.509")
                .hasMessageNotContaining("java");
        for (byte[] bytes :
                List.of(Files.readAllBytes(file), Base64.getDecoder().decode(content), new byte[3000])) {
            Files.write(file, bytes);
            assertThatThrownBy(() -> ServerCertificates.read(keystore(file)))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the keystore " + file
                            + " (http.tls_keystore) cannot be read as PKCS#12: what stands there is none");
        }
    }

    private Settings keystore(Path keys) throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "changeit");
        return Settings.defaults()
                .with(DaemonSettings.TLS_KEYSTORE, Optional.of(keys))
                .with(DaemonSettings.TLS_PASSWORD_FILE, Optional.of(password));
    }

    private Optional<ServerCertificates> read(String algorithm, String bits) throws Exception {
        Path keys = folder.resolve(algorithm + bits);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-keystore",
                keys.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "key",
                "-dname",
                "CN=localhost"));
        command.addAll(bits.isEmpty() ? List.of() : List.of("-keysize", bits));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        assertThat(keytool.inputReader().lines()).noneMatch(line -> line.startsWith("keytool error"));
        assertThat(keytool.waitFor()).isZero();
        return ServerCertificates.read(keystore(keys));
    }
}
