package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.rpc.WireCodec;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.worker.comm.RankIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a worker says, what is kept and shown of it is short and clean. */
@Timeout(60)
class ForeignReplyTest {
    private static final String NO_CONTROLS = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]";

    @Test
    void anErrorOf14MegabytesIsKeptInAFewKilobytes() throws Exception {
        try (TestPool test = TestPool.of("huge@1#1", 2)) {
            PoolFailure failure = FaultTest.failure(test.pool::pingAll);
            assertThat(failure.getMessage())
                    .contains("it answered with the error kkk", "…: xxx", "rank 1 stderr: rank 1 is here")
                    .hasSizeLessThan(6000);
            assertThat(failure.first().errorKind().orElseThrow()).hasSize(ForeignText.NAME + 1);
            assertThat(failure.first().errorMessage().orElseThrow()).hasSize(ForeignText.MESSAGE + 1);
            assertThat(test.pool.state().reason().orElseThrow()).hasSizeLessThan(5000);
            assertThat(test.events)
                    .allSatisfy(event -> assertThat(event.toString()).hasSizeLessThan(6000));
        }
    }

    @Test
    void whatWouldDriveATerminalIsNotInTheFailure() throws Exception {
        try (TestPool test = TestPool.of("nasty@1#1", 2)) {
            PoolFailure failure = FaultTest.failure(test.pool::pingAll);
            assertThat(failure.getMessage().lines().findFirst().orElseThrow())
                    .contains("the error k?]0;x?\\nk: ?[2J?1m???\\none\\ntwo?; its end: ")
                    .doesNotContainPattern(NO_CONTROLS);
            assertThat(failure.first().errorMessage().orElseThrow()).doesNotContainPattern(NO_CONTROLS);
            assertThat(test.pool.state().reason().orElseThrow()).doesNotContainPattern(NO_CONTROLS);
        }
    }

    @Test
    void theNameOfAnUnknownReplyIsQuotedWithoutWhatDrivesATerminal() {
        byte[] line = "{\"op\":\"\\u001b[2J\\n\\u202e\"}\u009b".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        Reply reply = new ReplyReader(new RankIdentity(1, 2, 1)).read(Operation.PING, line);
        RankFault fault =
                RankFault.of(1, "ping", Duration.ZERO, ((Reply.Wrong) reply).nature(), ((Reply.Wrong) reply).reason());
        assertThat(fault.reason()).contains("it sent a line that is no reply").doesNotContainPattern(NO_CONTROLS);
    }

    @Test
    void theBitsOfACheckAreBoundedAndWrong() {
        byte[] line = WireCodec.encode(new WorkerResponse.XNcclCheckResult(2, 3, "0".repeat(14_000_000) + "00000003"));
        Reply reply = new ReplyReader(new RankIdentity(1, 2, 1)).read(Operation.CHECK, line);
        WorkerResponse.XNcclCheckResult seen = (WorkerResponse.XNcclCheckResult) ((Reply.Right) reply).response();
        assertThat(seen.rankBits()).hasSize(Reply.LONGEST_RANK_BITS + 1);
    }

    /** The number is an index into the group's ranks for whoever reads the answer. */
    @ParameterizedTest
    @ValueSource(longs = {2, 7, 0x7fffffffL, 0x80000000L, 0xffffffffL})
    void aRankThatIsNotInTheGroupCannotBeNamedAsASource(long named) {
        Reply reply = collectiveReply(named);
        assertThat(((Reply.Wrong) reply).nature()).isEqualTo(RankFault.Nature.PROTOCOL);
        assertThat(((Reply.Wrong) reply).reason())
                .isEqualTo("its wrong_from names rank " + named + ", and this group has ranks 0 to 1");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1})
    void everyRankOfTheGroupCanBeNamedAsASource(long named) {
        assertThat(collectiveReply(named)).isInstanceOf(Reply.Right.class);
    }

    private static Reply collectiveReply(long source) {
        XCollectiveResult said = new XCollectiveResult(
                4,
                1,
                OptionalLong.of(0),
                "",
                "",
                "",
                List.of(new XCollectiveResult.Source(source, 1)),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                true);
        XCollective asked = new XCollective("all_reduce", "float", "sum", 4, 0, "", "out", 0, 0, 0, 1, 7, 1000);
        return new ReplyReader(new RankIdentity(1, 2, 1))
                .read(Operation.collective(asked, Duration.ofSeconds(1)), WireCodec.encode(said));
    }

    @Test
    void aCommIdThatCannotBeCreatedIsExplainedWithinTheSameBound() {
        WorkerResponse.Error said = new WorkerResponse.Error("k\u001b", "m\u2028".repeat(1_000_000));
        RankFault fault = RankFault.refusal(0, "init", Duration.ZERO, said);
        assertThat(fault.reason()).doesNotContainPattern(NO_CONTROLS).hasSizeLessThan(5000);
        assertThat(fault.error().map(WorkerResponse.Error::kind)).isEqualTo(Optional.of("k?"));
    }

    @Test
    void theFailureOfAThousandRanksIsAPage() {
        PoolFailure failure = new PoolFailure(IntStream.range(0, 1000)
                .mapToObj(rank -> new RankFailure(
                        RankFault.of(rank, "init", Duration.ZERO, RankFault.Nature.EXITED, rank + "x".repeat(4000)),
                        rank + 1L,
                        "exit 1",
                        java.util.Collections.nCopies(50, "y".repeat(4096))))
                .toList());
        assertThat(failure.getMessage())
                .startsWith("init failed on rank 0")
                .endsWith(" more ranks, which are not shown here")
                .hasSizeLessThan(128 * 1024);
        assertThat(failure.failures()).hasSize(1000);
    }

    @Test
    void whatIsTheSameOfAThousandRanksIsToldOnce() {
        PoolFailure failure = new PoolFailure(IntStream.range(0, 1000)
                .mapToObj(rank -> new RankFailure(
                        RankFault.of(rank, "init", Duration.ZERO, RankFault.Nature.TIMEOUT, "it did not answer"),
                        rank + 1L,
                        "exit 1",
                        List.of("line of rank " + rank)))
                .toList());
        assertThat(failure.getMessage().lines())
                .containsExactly(
                        "init failed on rank 0 (pid 1) after 0.00 ms: it did not answer; its end: exit 1",
                        "  rank 0 stderr: line of rank 0",
                        "and then init failed on ranks 1 to 999: it did not answer; the end of each: exit 1",
                        "  rank 1 stderr: line of rank 1");
    }
}
