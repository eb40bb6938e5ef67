package dev.neurontp.harness.pool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.SecondaryFailure;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RankFaultsTest {
    private static final RankFault OWN_ERROR = refusal(1, "device 1 is busy");
    private static final RankFault SECONDARY = refusal(2, "ncclRemoteError: rank 3 is gone");
    private static final RankFault EXIT = fault(3, RankFault.Nature.EXITED);
    private static final RankFault LATE = fault(4, RankFault.Nature.TIMEOUT);

    @Test
    void anExitGoesBeforeTheErrorsThatWereSeenFirst() {
        assertThat(rootFirst(SECONDARY, OWN_ERROR, EXIT)).containsExactly(EXIT, OWN_ERROR, SECONDARY);
    }

    @Test
    void whatIsNoErrorAndCameFirstStaysFirst() {
        assertThat(rootFirst(LATE, EXIT)).containsExactly(LATE, EXIT);
        assertThat(rootFirst(EXIT, OWN_ERROR)).containsExactly(EXIT, OWN_ERROR);
    }

    @Test
    void aRankCountsOnce() {
        assertThat(rootFirst(OWN_ERROR, fault(1, RankFault.Nature.EXITED))).containsExactly(OWN_ERROR);
    }

    /** All wait for each other: the one that has put fewer collectives on its device is whom they wait for. */
    @Test
    void amongRanksThatWaitTheOneThatIsBehindGoesFirst() {
        RankFault ahead = waited(0, 6, 5);
        RankFault silent = refusal(1, "ncclRemoteError: the connection is gone");
        RankFault slower = waited(2, 6, 4);
        RankFault behind = waited(3, 5, 5);
        assertThat(rootFirst(ahead, silent, slower, behind)).containsExactly(behind, slower, ahead, silent);
        assertThat(rootFirst(ahead, behind, OWN_ERROR)).containsExactly(OWN_ERROR, behind, ahead);
    }

    private static RankFault waited(int rank, long entered, long finished) {
        return refusal(
                rank,
                SecondaryFailure.WAITED + ", 3.0 s are allowed; it "
                        + new SecondaryFailure.Progress(entered, finished).words());
    }

    private static List<RankFault> rootFirst(RankFault... seen) {
        RankFaults faults = new RankFaults();
        for (RankFault fault : seen) {
            faults.add(fault);
        }
        return faults.rootFirst();
    }

    private static RankFault refusal(int rank, String message) {
        return RankFault.refusal(
                rank, "init", Duration.ZERO, WorkerResponse.Error.of(ErrorKind.NCCL_INIT_FAILED, message));
    }

    private static RankFault fault(int rank, RankFault.Nature nature) {
        return RankFault.of(rank, "init", Duration.ZERO, nature, "seen");
    }
}
