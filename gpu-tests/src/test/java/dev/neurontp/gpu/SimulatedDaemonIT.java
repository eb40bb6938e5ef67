package dev.neurontp.gpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.neurontp.testing.Processes;
import dev.neurontp.testing.ProgramProcess;
import dev.neurontp.testing.Signals;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A daemon outlives what its pools do with NCCL, which keeps what it has opened as long as its process lives. */
@Tag("sim")
@Requires.SimulatedLibraries
class SimulatedDaemonIT {
    private static final String MARK = "NEURONTP_TEST_MARK";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    private String url;

    private ProgramProcess daemon(String fault) throws IOException, InterruptedException {
        Map<String, String> environment = new HashMap<>(Simulation.HOST.environment());
        environment.put(MARK, folder.toString());
        environment.put("NEURON_RUNTIME_DIR", folder.resolve("run").toString());
        environment.put("NEURON_STATE_DIR", folder.resolve("state").toString());
        environment.put("NEURON_POOLS__COMMUNICATOR", "nccl");
        environment.put("NEURONTP_SIM_FAULT", fault);
        ProgramProcess daemon = ProgramProcess.neuron(environment, "--port=0");
        url = daemon.line(TIMEOUT).substring("url=".length());
        daemon.awaitLine("status=listening");
        return daemon;
    }

    private String send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + path))
                .header(
                        "Authorization",
                        "Bearer "
                                + Files.readString(folder.resolve("run/token")).strip())
                .header("Content-Type", "application/json")
                .timeout(TIMEOUT)
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    private String newPool() throws IOException, InterruptedException {
        return newPool("{\"world_size\":2}");
    }

    private String newPool(String request) throws IOException, InterruptedException {
        String pool = send("POST", "/pools?wait=60s", request);
        Matcher id = ID.matcher(pool);
        assertThat(id.find()).as(pool).isTrue();
        return "/pools/" + id.group(1);
    }

    private static void hasNotOpenedNccl(ProgramProcess daemon) throws IOException {
        assertThat(Files.readString(Path.of("/proc", daemon.pid() + "", "maps")))
                .doesNotContain("libnccl");
    }

    /** Nothing but the daemon itself, and its guard. */
    private void leavesNothing(ProgramProcess daemon) {
        await().atMost(TIMEOUT)
                .untilAsserted(() -> assertThat(Processes.with(MARK + "=" + folder))
                        .filteredOn(left -> !left.commandLine().contains("neurontp-guard"))
                        .extracting(Processes.Running::pid)
                        .containsExactly(daemon.pid()));
    }

    @Test
    void whatHasMadeTheCommIdEndsWithTheRendezvous() throws IOException, InterruptedException {
        try (ProgramProcess daemon = daemon("")) {
            String pool = newPool();

            assertThat(send("POST", pool + "/init?wait=60s", "")).contains("\"state\":\"done\"");
            assertThat(send("POST", pool + "/sanity?wait=60s", "")).contains("\"state\":\"done\"");

            assertThat(send("GET", pool, "")).contains("nccl (SIMULATION)");
            assertThat(send("GET", "/metrics", "")).contains("neuron_pool_info{communicator=\"nccl (SIMULATION)\",");
            hasNotOpenedNccl(daemon);
            send("DELETE", pool, "");
            leavesNothing(daemon);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            die@unique-id    | neuron --comm-id \\(pid \\d+\\) said no line within .*; the end of that process: exit 137 \\(SIGKILL\\)
            system@unique-id | ncclGetUniqueId failed: ncclSystemError .*no socket interface
            system@init:1    | ncclSystemError .*Too many open files
            """)
    void whatGoesWrongThereIsToldAndLeavesNothing(String fault, String words) throws IOException, InterruptedException {
        try (ProgramProcess daemon = daemon(fault)) {
            String pool = newPool();

            assertThat(send("POST", pool + "/init?wait=60s", "")).containsPattern(words);

            hasNotOpenedNccl(daemon);
            send("DELETE", pool, "");
            leavesNothing(daemon);
            assertThat(send("GET", "/readyz", "")).contains("ok");
        }
    }

    /** It is not rank 0 that does not answer. */
    @Test
    void aStoppedProcessThatShouldMakeTheCommIdIsToldAsThat() throws IOException, InterruptedException {
        try (ProgramProcess daemon = daemon("hang@unique-id")) {
            String pool = newPool("{\"world_size\":2,\"deadlines\":{\"init\":\"3s\",\"sanity\":\"3s\"}}");
            send("POST", pool + "/init", "");
            long maker = await().atMost(TIMEOUT)
                    .until(
                            () -> Processes.with(MARK + "=" + folder).stream()
                                    .filter(process -> process.commandLine().startsWith("neuron: comm-id"))
                                    .mapToLong(Processes.Running::pid)
                                    .findFirst(),
                            OptionalLong::isPresent)
                    .getAsLong();
            Signals.send("STOP", maker);

            await().atMost(TIMEOUT)
                    .untilAsserted(() -> assertThat(send("GET", pool, ""))
                            .contains("could not create a comm_id within 3 s: neuron --comm-id (pid " + maker
                                    + ") has said no line; its process is stopped (a signal or a debugger)"));

            send("DELETE", pool, "");
            leavesNothing(daemon);
        }
    }
}
