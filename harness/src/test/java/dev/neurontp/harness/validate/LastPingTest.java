package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A pool that cannot be asked at the end of a run: no GPU is blamed for its daemon. */
class LastPingTest {
    private static final Case LAST = Case.step(Phase.LEAVE, "all ranks");

    private static Group answering(GroupLostException answer) {
        return new JoinedGroup(new PoolCalls() {
            @Override
            public String id() {
                return "abc";
            }

            @Override
            public String communicator() {
                return "loopback";
            }

            @Override
            public List<String> command() {
                return List.of();
            }

            @Override
            public List<Long> devices() {
                return List.of(0L);
            }

            @Override
            public JsonNode ask(String operation, JsonNode body, Duration limit) throws GroupLostException {
                throw answer;
            }

            @Override
            public void cancel() {}
        });
    }

    @Test
    void aDaemonThatIsNotThereAndAPoolThatIsBusyEndTheRun() {
        for (GroupLostException answer : List.of(
                GroupLostException.unreachable("its daemon ended", null),
                GroupLostException.busy("it is busy", null))) {
            assertThatExceptionOfType(GroupLostException.class)
                    .isThrownBy(() -> answering(answer).leave(LAST, true))
                    .isSameAs(answer);
        }
    }

    @Test
    void aPoolThatHasFailedIsAFailure() throws Exception {
        CaseResult result =
                answering(GroupLostException.failed("rank 1 is gone", null)).leave(LAST, true);
        assertThat(result.status()).isEqualTo(Status.FAIL);
    }
}
