package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.api.Json;
import dev.neurontp.testing.FrozenProcess;
import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Pools whose workers are started by a command that the settings allow: another program's, or ours behind another. */
class ForeignWorkerIT {
    private static final Path PYTHON = Path.of("/usr/bin/python3");

    private static final String WORKER = """
            import json, sys
            given = dict(zip(sys.argv[2::2], map(int, sys.argv[3::2])))
            for line in sys.stdin:
                op = json.loads(line)["op"]
                if op == "ping":
                    reply = {"op": "pong", "rank": given["--rank"], "world_size": given["--tp-size"],
                             "cuda_device": given["--cuda-device"]}
                elif op == "shutdown":
                    reply = {"op": "bye"}
                else:
                    reply = {"op": "error", "kind": "not_implemented_7a_i", "message": "this stage cannot " + op}
                print(json.dumps(reply), flush=True)
                if op == "shutdown":
                    break
            """;

    @TempDir
    Path folder;

    private DaemonProcess allowing(List<String> command) throws Exception {
        return allowing(command, "loopback");
    }

    private DaemonProcess allowing(List<String> command, String communicator) throws Exception {
        return DaemonProcess.listening(
                folder,
                Map.of(
                        "NEURON_POOLS__COMMANDS",
                        Json.text(List.of(command)),
                        "NEURON_POOLS__COMMANDS_ARE_WORKERS",
                        "true",
                        "NEURON_POOLS__COMMUNICATOR",
                        communicator));
    }

    private List<String> python(String program) throws IOException {
        assumeTrue(Files.isExecutable(PYTHON), "there is no " + PYTHON + ": apt-get install python3");
        return List.of(
                PYTHON.toString(),
                Files.writeString(folder.resolve("worker.py"), program).toString());
    }

    @Test
    void aWorkerInPythonIsPingedAndWhatItCannotDoIsSaidInItsWords() throws Exception {
        List<String> command = python(WORKER);
        try (DaemonProcess neuron = allowing(command)) {
            neuron.pool(command);
            String path = "/pools/" + neuron.poolId();
            assertThat(neuron.send("POST", path + "/ping", "").json().at("/result/ranks"))
                    .hasSize(2);
            assertThat(neuron.send("GET", path, "").json().get("command"))
                    .isEqualTo(Json.mapper().valueToTree(command));
            HttpReply init = neuron.send("POST", path + "/init?wait=30s", "");
            assertThat(init.status()).isEqualTo(409);
            assertThat(init.error()).isEqualTo("pool_failed");
            assertThat(init.message()).contains("not_implemented_7a_i", "this stage cannot init");
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
        }
    }

    /** Its first thread obeys SIGKILL, and /proc then calls the process a zombie; one thread is inside of a driver that hangs. */
    @Tag("long")
    @Test
    void aWorkerOfWhichADriverHoldsOneThreadKeepsItsGpuAndIsLeftInSight() throws Exception {
        String thread =
                "import threading, time\nthreading.Thread(target=time.sleep, args=(622,), daemon=True).start()\n";
        List<String> command = python(thread + WORKER);
        try (DaemonProcess neuron = allowing(command, "nccl")) {
            long held = neuron.pool(command).get(1);
            try (FrozenProcess _ = FrozenProcess.ofOneThread(held)) {
                neuron.send("DELETE", "/pools/" + neuron.poolId() + "?wait=30s", "");
                assertThat(Files.readString(Path.of("/proc", held + "", "stat")))
                        .contains(") Z ");
                HttpReply taken = neuron.send(
                        "POST", "/pools?wait=30s", "{\"world_size\":2,\"command\":" + Json.text(command) + "}");
                assertThat(taken.error()).as(taken.text()).isEqualTo("device_taken");
                assertThat(taken.message()).contains("the device 1 may still be held", "pid " + held);
                neuron.terminate();
                assertThat(neuron.program.rest(Duration.ofSeconds(60))).contains("status=left_processes");
                assertThat(neuron.program.exitCode()).isOne();
                try (Stream<Path> files = Files.list(folder.resolve("run"))) {
                    assertThat(files.map(file -> file.getFileName().toString()))
                            .as("for the next daemon")
                            .anyMatch(name -> name.startsWith("workers-"));
                }
            }
        }
    }

    @Test
    void ourWorkerBehindAnotherProgramJoinsLikeAnyOther() throws Exception {
        List<String> command = List.of("/usr/bin/env", "ANYTHING=1", Programs.neuron());
        try (DaemonProcess neuron = allowing(command)) {
            neuron.pool(command);
            String path = "/pools/" + neuron.poolId();
            assertThat(neuron.send("POST", path + "/init?wait=60s", "").status())
                    .isEqualTo(200);
            JsonNode sanity = neuron.send("POST", path + "/sanity?wait=30s", "").json();
            assertThat(sanity.at("/result/sum").intValue()).isEqualTo(2);
            List<String> longer = List.of("/usr/bin/env", "ANYTHING=1", command.getLast(), "--stage", "7a-i");
            HttpReply refused =
                    neuron.send("POST", "/pools", "{\"world_size\":2,\"command\":" + Json.text(longer) + "}");
            assertThat(refused.status()).isEqualTo(403);
            assertThat(refused.json().at("/error/detail/allowed/1"))
                    .isEqualTo(Json.mapper().valueToTree(command));
            neuron.terminate();
            assertThat(neuron.program.exitCode()).isZero();
        }
    }
}
