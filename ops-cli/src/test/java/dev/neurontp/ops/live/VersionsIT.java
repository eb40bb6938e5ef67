package dev.neurontp.ops.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The product has one version and the contract one: every program, report, reply and page says the same. */
class VersionsIT {
    private final String product = first("pom.xml", "<artifactId>neurontp</artifactId>\\s*<version>(.*?)</version>");
    private final String contract =
            first("rpc/src/main/resources/dev/neurontp/rpc/wire-contract.json", "\"version\": \"(.*?)\"");

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"neuron", "neuron --worker", "neuron --tp-smoke", "tpctl"})
    void everyProgramSaysThem(String command) {
        List<String> words = new ArrayList<>(List.of((command + " --version").split(" ", -1)));
        words.set(0, Programs.root().resolve("bin").resolve(words.getFirst()).toString());
        try (ProgramProcess program = ProgramProcess.command(Map.of(), words)) {
            assertThat(program.stdout())
                    .containsExactly(
                            command.split(" ", -1)[0] + " " + product + " (neurontp, wire contract " + contract + ")");
            assertThat(program.exitCode()).isZero();
        }
    }

    /** The reports' {@code contract_version} is this one. */
    @Test
    void theJudgeReadsTheSameContract() {
        assertThat(Contract.load().version()).isEqualTo(contract);
    }

    @Test
    void theDaemonSaysThem() throws Exception {
        Map<String, String> environment = Map.of("NEURON_RUNTIME_DIR", folder.toString());
        try (ProgramProcess daemon = ProgramProcess.neuron(environment, "--port", "0")) {
            String url = value(daemon.awaitLine("url="));
            String token = Files.readString(Path.of(value(daemon.awaitLine("token_file="))))
                    .strip();
            assertThat(get(url + "/discovery", token))
                    .contains("\"version\":\"" + product + "\"", "\"wire_contract\":\"" + contract + "\"");
            assertThat(get(url + "/metrics", token)).contains("version=\"" + product + "\"");
            assertThat(Files.readString(folder.resolve("daemon-" + daemon.pid() + ".json")))
                    .contains("\"version\":\"" + product + "\"");
            daemon.signal("TERM");
            assertThat(daemon.exitCode()).isZero();
        }
    }

    @Test
    void theDocsSayThem() {
        assertThat(first("docs/openapi.yaml", "(?m)^  version: \"(.*)\"$")).isEqualTo(product);
        assertThat(first("docs/openapi.yaml", "(?m)^ +wire_contract: \"(.*)\"$"))
                .as("wire_contract in the example of docs/openapi.yaml")
                .isEqualTo(contract);
        assertThat(first("docs/operating.md", "\"version\": \"(.*)\"")).isEqualTo(product);
        assertThat(first("docs/wire-contract.md", "(?m)^# The wire contract, version (.*)$"))
                .isEqualTo(contract);
        assertThat(first("CHANGELOG.md", "(" + Pattern.quote(product) + ")")).isEqualTo(product);
    }

    private static String value(String line) {
        return line.substring(line.indexOf('=') + 1);
    }

    private static String get(String url, String token) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + token)
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static String first(String file, String pattern) {
        try {
            Matcher matcher = Pattern.compile(pattern)
                    .matcher(Files.readString(Programs.root().resolve(file)));
            assertThat(matcher.find()).as("%s in %s", pattern, file).isTrue();
            return matcher.group(1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
