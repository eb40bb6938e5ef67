package dev.neurontp.harness.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.neurontp.harness.daemon.settings.DaemonSettings;
import dev.neurontp.harness.daemon.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
        Path password = Files.writeString(folder.resolve("password"), "changeit");
        return ServerCertificates.read(Settings.defaults()
                .with(DaemonSettings.TLS_KEYSTORE, Optional.of(keys))
                .with(DaemonSettings.TLS_PASSWORD_FILE, Optional.of(password)));
    }
}
