package dev.neurontp.harness.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.neurontp.harness.api.Json;
import dev.neurontp.testing.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        return DaemonProcess.listening(
                folder,
                Map.of(
                        "NEURON_POOLS__COMMANDS",
                        Json.text(List.of(command)),
                        "NEURON_POOLS__COMMANDS_ARE_WORKERS",
                        "true"));
    }

    @Test
    void aWorkerInPythonIsPingedAndWhatItCannotDoIsSaidInItsWords() throws Exception {
        assumeTrue(Files.isExecutable(PYTHON), "there is no " + PYTHON + ": apt-get install python3");
        List<String> command = List.of(
                PYTHON.toString(),
                Files.writeString(folder.resolve("worker.py"), WORKER).toString());
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
