package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.daemon.runtime.DaemonFile;
import dev.neurontp.harness.daemon.runtime.RuntimeFolder;
import dev.neurontp.harness.daemon.settings.DaemonSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever way its address is written, a daemon is found by its file and answers at the address in it. */
class ReachableTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "127.1", "2130706433", "LOCALHOST", "::1", "[::1]", "::1%lo", "::ffff:127.0.0.1"})
    void aDaemonIsFoundAndAnswers(String host) throws Exception {
        boolean ipv6 = NetworkInterface.getByInetAddress(InetAddress.ofLiteral("::1")) != null;
        assumeTrue(ipv6 || !host.contains(":"), "SKIPPED: this host has no IPv6");
        try (TestDaemon daemon = TestDaemon.start(folder, settings -> settings.with(DaemonSettings.HTTP_HOST, host))) {
            List<DaemonFile> found = RuntimeFolder.at(daemon.runtime).liveDaemons();
            assertThat(found).hasSize(1);
            HttpRequest request = daemon.request("/pools")
                    .uri(URI.create(found.getFirst().url() + "/pools"))
                    .build();
            assertThat(daemon.client
                            .send(request, HttpResponse.BodyHandlers.ofString())
                            .statusCode())
                    .as(found.toString())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://a_b:1", "http://-x:1", "http://127.1:1", "http://a\nb:1", ""})
    void aFileThatNoReaderWouldTakeIsNotWritten(String url) throws Exception {
        RuntimeFolder runtime = RuntimeFolder.at(folder.resolve("run"));
        runtime.open();
        DaemonFile file = DaemonFile.ofThisProcess(url, runtime.tokenFile(), "0", Instant.EPOCH);
        assertThatThrownBy(() -> file.write(runtime))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nobody would find this daemon by its file: its url is no address");
        assertThat(runtime.path()).isEmptyDirectory();
    }
}
