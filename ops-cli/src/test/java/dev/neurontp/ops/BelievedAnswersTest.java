package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.os.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers is believed as far as it fits what was asked: nothing is called done, up or over that it does not say. */
@Timeout(60)
class BelievedAnswersTest {
    private static final String ID = "k3vd7q2m";
    private static final String POOL = "/pools/" + ID;

    @RegisterExtension
    private final FakeDaemon daemon = FakeDaemon.withOnePool(ID);

    @TempDir
    private Path folder;

    private CommandResult run(String command) throws IOException {
        Path file = Files.writeString(folder.resolve("pool.toml"), "name = \"x\"\nworld_size = 2\n");
        return CommandResult.against(
                daemon, command.replace("FILE", file.toString()).split(" "));
    }

    private void pools(String pool) {
        daemon.on("POST /pools", 201, pool)
                .on("POST " + POOL + "/restart", 201, pool)
                .on("PUT /pools/x", 200, "{\"result\":\"created\",\"changes\":[],\"pool\":" + pool + "}");
    }

    private static String pool(String state) {
        return Examples.failedPool(ID).replaceFirst("\"failed\"", "\"" + state + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"create --wait", "apply --wait -f FILE", "restart --wait"})
    void aPoolThatIsWaitedForHasToBeUp(String command) throws IOException {
        for (String state : new String[] {"ready", "joining", "joined"}) {
            pools(pool(state));
            assertThat(run(command).code()).as(state).isZero();
        }
        for (String state : new String[] {"failed", "gone", "lost", "stopping", "weird"}) {
            pools(pool(state));
            CommandResult ran = run(command);
            assertThat(ran.code()).as(state + ran.all()).isEqualTo(ExitCode.FAILED);
            assertThat(ran.err()).as(state).contains(state.equals("failed") ? "ping failed on rank 1" : state);
        }
    }

    @ParameterizedTest
    @CsvSource({"init,end", "sanity,init", "ping,device", "shutdown,forget", "kill,shutdown", "delete,end"})
    void anOperationIsTheOneThatWasAskedFor(String command, String other) throws IOException {
        String result = "{\"took_ms\":1,\"sum\":2,\"ranks\":[{\"rank\":0},{\"rank\":1}],\"replies\":[],\"clean\":true,"
                + "\"gone\":true,\"ends\":[]}";
        String[] wrong = {
            Examples.operation(ID, other, "done", result, "null"),
            Examples.operation(
                    "aaaaaaaa",
                    command.equals("kill") ? "end" : command.equals("delete") ? "shutdown" : command,
                    "done",
                    result,
                    "null")
        };
        for (String answer : wrong) {
            daemon.on("POST " + POOL + "/" + (command.equals("delete") ? "shutdown" : command), 200, answer)
                    .on("DELETE " + POOL, 200, answer);
            refused(run(command + " " + ID), "it tells of '");
        }
    }

    private static void refused(CommandResult ran, String words) {
        assertThat(ran.code()).as(ran.all()).isEqualTo(ExitCode.COULD_NOT_RUN);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("is no neuron daemon of this version", words);
    }

    @Test
    void anEarlyAnswerIsNoTimeout() throws IOException {
        daemon.on("POST " + POOL + "/init", 202, Examples.operation(ID, "init", "running", "null", "null"))
                .on("POST " + POOL + "/ping", 202, Examples.operation(ID, "ping", "running", "null", "null"));
        pools(pool("starting"));
        CommandResult init = run("init");
        assertThat(init.code()).as(init.all()).isEqualTo(ExitCode.TIMED_OUT);
        assertThat(init.err())
                .contains("init of pool " + ID + " is not over: the daemon at ", "asked to wait for 600.00 s")
                .doesNotContain("not over after");
        assertThat(run("ping").out()).contains("lost: the daemon at ").doesNotContain("no answer within");
        assertThat(run("create --wait").err())
                .contains("is still being started")
                .doesNotContain("within 60 s");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "took_ms\":58.0;took_ms\":-5;.result.took_ms",
                "took_ms\":58.0;took_ms\":1e300;.result.took_ms",
                "limit_ms\":5000;limit_ms\":-1;.limit_ms",
                "took_ms\":55.2;took_ms\":-1;.result.ends[0].took_ms",
                "gone\":true,\"ends;gone\":-1,\"ends;.result.gone",
                "bye\":true;bye\":1;.result.ends[0].bye",
                "clean\":true;clean\":\"true\";.result.clean",
                "op-2;;.id",
                "op-2;x;.id"
            })
    void aTimeIsOneAndSoIsABooleanAndAnId(String from, String to, String place) throws IOException {
        String said = Examples.bye(ID, true);
        assertThat(said).contains(from);
        daemon.on("POST " + POOL + "/shutdown", 200, said.replace(from, to == null ? "" : to));
        refused(run("shutdown " + ID), place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"create -q", "restart -q", "apply -f FILE", "status"})
    void aPoolHasAnIdOfItsShape(String command) throws IOException {
        for (String id : new String[] {"", "K3VD7Q2M", "k3vd7q2m9"}) {
            String pool = Examples.failedPool(id);
            pools(pool);
            daemon.on("GET " + POOL, 200, pool);
            refused(run(command), ".id is not as the interface says");
        }
    }

    @Test
    void noPoolIsGoneWhoseRankIsNot() throws IOException {
        for (String lost : new String[] {"\"gone\":true,\"lost\":true,\"steps\"", "\"gone\":false,\"steps\""}) {
            daemon.on(
                    "POST " + POOL + "/shutdown",
                    200,
                    Examples.bye(ID, true).replaceFirst("\"gone\":true,\\s*\"steps\"", lost));
            assertThat(run("shutdown " + ID).code()).isEqualTo(ExitCode.FAILED);
        }
    }
}
