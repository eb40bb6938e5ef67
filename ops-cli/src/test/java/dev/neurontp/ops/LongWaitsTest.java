package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A daemon lets nobody wait for more than ten minutes at once; a {@code --timeout} may be longer. */
class LongWaitsTest {
    private static final String ID = "k3vd7q2m";
    private static final String POOL = "GET /pools/" + ID;
    private static final String OPERATION = POOL + "/operations/op-2";

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    @TempDir
    Path folder;

    @BeforeEach
    void aPoolThatIsBeingStarted() {
        String starting = pool("starting", "{\"op\":\"spawn\",\"operation\":\"op-2\",\"elapsed_ms\":600000.0}");
        String applied = "{\"result\":\"created\",\"pool\":" + starting + ",\"commands\":[]}";
        daemon.on("POST /pools", 201, starting)
                .on("PUT /pools/big", 201, applied)
                .on("POST /pools/" + ID + "/restart", 201, starting)
                .on(OPERATION, 200, Examples.operation(ID, "spawn", "done", "null", "null"));
    }

    private static String pool(String state, String busy) {
        return Examples.failedPool(ID)
                .replaceFirst("\"state\":\"failed\"", "\"state\":\"" + state + "\"")
                .replaceFirst("\"ended\":\"[^\"]*\"", "\"ended\":null")
                .replaceFirst("\"busy\":null", "\"busy\":" + busy);
    }

    private CommandResult run(String command) throws Exception {
        Path file = Files.writeString(folder.resolve("big.toml"), "name = \"big\"\nworld_size = 2\n");
        return CommandResult.against(
                daemon,
                (command + " --wait --timeout 25m")
                        .replace("FILE", file.toString())
                        .split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"create -n 2", "apply -f FILE", "restart " + ID})
    void whatComesAfterTheFirstTenMinutesIsWaitedForToo(String command) throws Exception {
        daemon.on(POOL, 200, pool("ready", "null"));

        CommandResult ran = run(command);

        assertThat(ran.code()).as(ran.all()).isZero();
        assertThat(daemon.asked())
                .anyMatch(asked -> asked.contains("wait=10m") || asked.contains("wait=600s"))
                .anyMatch(asked -> asked.startsWith(OPERATION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"create -n 2", "apply -f FILE", "restart " + ID})
    void whatHasNotComeIsToldWithTheWholeTime(String command) throws Exception {
        daemon.on(POOL, 200, pool("starting", "null"));

        CommandResult ran = run(command);

        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(ran.err())
                .contains(
                        "is still being started; the daemon at ",
                        " and before the end, and was asked to wait for 1500.00 s");
    }
}
