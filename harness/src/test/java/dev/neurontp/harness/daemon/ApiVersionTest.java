package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.ApiVersion;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a daemon and a client of another version of the API say to each other. */
class ApiVersionTest {
    @TempDir
    static Path folder;

    @AutoClose
    static TestDaemon daemon;

    @BeforeAll
    static void start() throws Exception {
        daemon = TestDaemon.start(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2", "0", "1.1", "one"})
    void aClientOfAnotherVersionIsRefusedWithBoth(String version) throws Exception {
        HttpReply reply = daemon.send(daemon.request("/pools").header(ApiVersion.HEADER, version));
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.error()).isEqualTo("other_api_version");
        assertThat(reply.text()).contains("of version '" + version + "' of the API", "speaks version 1");
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1", "1, ''"})
    void aClientThatNamesTwoVersionsIsRefused(String first, String second) throws Exception {
        HttpReply reply = daemon.send(
                daemon.request("/pools").header(ApiVersion.HEADER, first).header(ApiVersion.HEADER, second));
        assertThat(reply.error()).isEqualTo("other_api_version");
    }

    @Test
    void nothingIsDoneForIt() throws Exception {
        HttpReply reply = daemon.send(daemon.request("/pools")
                .header(ApiVersion.HEADER, "2")
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{\"world_size\":1}")));
        assertThat(reply.error()).isEqualTo("other_api_version");
        assertThat(daemon.get("/pools").json().get("pools")).isEmpty();
    }

    @Test
    void aClientOfThisVersionIsLetInAndSoIsOneThatSaysNone() throws Exception {
        assertThat(daemon.send(daemon.request("/pools").header(ApiVersion.HEADER, "1"))
                        .status())
                .isEqualTo(200);
        assertThat(daemon.get("/pools").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/pools", "/nosuch", "/pools/nosuch", "/metrics"})
    void everyReplyNamesTheVersion(String path) throws Exception {
        Map<String, Object> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(daemon.get(path).headers());
        assertThat(headers.get(ApiVersion.HEADER)).hasToString("[1]");
    }
}
