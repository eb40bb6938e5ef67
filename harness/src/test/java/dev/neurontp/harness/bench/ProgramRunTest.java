package dev.neurontp.harness.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramRunTest {
    private static final String PONG = "{\"op\":\"pong\",\"rank\":1,\"world_size\":2,\"cuda_device\":1}";

    /** It answers its pings with these lines in turn, the last one again and again. */
    private static MeasuredProgram worker(String... replies) {
        StringBuilder script = new StringBuilder();
        for (String reply : replies) {
            script.append("read -r line; echo '").append(reply).append("'; ");
        }
        script.append("while read -r line; do echo '").append(replies[replies.length - 1]);
        return new MeasuredProgram(
                "worker", List.of("sh", "-c", script.append("'; done").toString()), true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PONG,
                "{\"op\": \"pong\", \"rank\": 1, \"world_size\": 2, \"cuda_device\": 1}",
                "{\"rank\":1,\"op\":\"pong\",\"cuda_device\":1,\"world_size\":2}",
                "{\"op\":\"pong\",\"rank\":1,\"world_size\":2,\"cuda_device\":1,\"more\":[]}",
            })
    void aRightPongIsTakenHoweverItIsWritten(String pong) throws Exception {
        try (ProgramRun run = new ProgramRun(worker(PONG, pong))) {
            for (int i = 0; i < 4; i++) {
                assertThat(run.ping()).isPositive();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"op\":\"pong\",\"rank\":77,\"world_size\":2,\"cuda_device\":1}",
                "{\"op\":\"pong\",\"rank\":1,\"world_size\":3,\"cuda_device\":1}",
                "{\"op\":\"pong\",\"rank\":1,\"world_size\":2,\"cuda_device\":0}",
                "{\"op\":\"pong\",\"rank\":1}",
                "{\"op\":\"bye\"}",
                "hello",
            })
    void aPongOfAnotherRankOrNoneIsRefusedWheneverItComes(String reply) throws Exception {
        refuses(worker(reply), 0, reply);
        refuses(worker(PONG, PONG, reply), 2, reply);
    }

    private static void refuses(MeasuredProgram worker, int rightPings, String reply) throws IOException {
        try (ProgramRun run = new ProgramRun(worker)) {
            for (int i = 0; i < rightPings; i++) {
                run.ping();
            }
            assertThatThrownBy(run::ping)
                    .isInstanceOf(IOException.class)
                    .hasMessage(
                            "sh answered a ping with '" + reply + "': as it was started, its pong is to say " + PONG);
        }
    }

    @Test
    void aProgramThatIsNoWorkerMayAnswerAnything() throws Exception {
        try (ProgramRun run = new ProgramRun(new MeasuredProgram("cat", List.of("cat"), false))) {
            assertThat(run.ping()).isPositive();
        }
    }
}
