package dev.neurontp.harness.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
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

    private static ProgramRun run(MeasuredProgram program) throws IOException {
        return new ProgramRun(program, 5, Duration.ofSeconds(60));
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
        try (ProgramRun run = run(worker(PONG, pong))) {
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
        try (ProgramRun run = run(worker)) {
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
        try (ProgramRun run = run(new MeasuredProgram("cat", List.of("cat"), false))) {
            assertThat(run.ping()).isPositive();
        }
    }

    private static MeasuredProgram answeringTwice(String then) {
        String twice = "for i in 1 2; do read -r line; echo '" + PONG + "'; done; ";
        return new MeasuredProgram("worker", List.of("sh", "-c", twice + then), true);
    }

    @Test
    void howManyPingsWereAnsweredInWhatTimeIsSaidOfAWorkerThatIsTooSlow() throws Exception {
        try (ProgramRun run = new ProgramRun(answeringTwice("exec sleep 300"), 5, Duration.ofSeconds(3))) {
            run.ping();
            run.ping();
            assertThatThrownBy(run::ping)
                    .isInstanceOf(IOException.class)
                    .hasMessage("sh was ended, since within 3 s of its start it answered 2 of 5 pings:"
                            + " tpctl bench ping --rounds N measures a slow worker");
        }
    }

    @Test
    void whichPingAWorkerEndedAtIsSaid() throws Exception {
        try (ProgramRun run = run(answeringTwice("read -r line; exit 3"))) {
            run.ping();
            run.ping();
            assertThatThrownBy(run::ping)
                    .isInstanceOf(IOException.class)
                    .hasMessage("sh ended or closed its stdout without a reply to ping 3 of 5");
        }
    }
}
