package dev.neurontp.harness.validate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.XCollectiveResult;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A pool that cannot be asked at the end of a run: no GPU is blamed for its daemon. */
class LastPingTest {
    private static final Case LAST = Case.step(Phase.LEAVE, "all ranks");

    private interface Answer {
        JsonNode get() throws GroupLostException;
    }

    private static Group answering(GroupLostException answer) {
        return group(() -> {
            throw answer;
        });
    }

    private static Group group(Answer answer) {
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
                return answer.get();
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

    /** Every rank that it names is looked up when the report is written. */
    @Test
    void aDaemonThatNamesARankThatIsNotThereIsNoneOfThisVersion() {
        XCollectiveResult wrong =
                Samples.wrong(Samples.COUNT, 2, "rank 7 is missing", List.of(new XCollectiveResult.Source(7, 2)));
        String said = new String(WireCodec.encode(wrong), StandardCharsets.UTF_8);
        JsonNode replies = JsonMapper.shared().readTree("{\"replies\":[{\"rank\":0,\"reply\":" + said + "}]}");
        assertThatExceptionOfType(GroupLostException.class)
                .isThrownBy(() -> group(() -> replies).run(Samples.measured("all_reduce", Samples.COUNT)))
                .withMessageContaining("is no daemon of this version: its wrong_from names rank 7 for a pool of 1");
    }
}
