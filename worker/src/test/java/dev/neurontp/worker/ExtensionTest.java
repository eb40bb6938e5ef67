package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.ErrorKind;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import dev.neurontp.worker.collective.CollectiveRequest;
import dev.neurontp.worker.collective.UnsupportedException;
import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.RankIdentity;
import org.junit.jupiter.api.Test;

/** Whose fault an error of {@code x_collective} is, as its kind says it. */
class ExtensionTest {
    /** A group of two that looks at a request, and then fails by a bug of its own. */
    private static final class Broken implements Communicator {
        @Override
        public void init(String commId) {}

        @Override
        public long allReduceSum(long value) {
            return value;
        }

        @Override
        public XCollectiveResult collective(XCollective asked) throws UnsupportedException {
            CollectiveRequest request = CollectiveRequest.of(asked, 2);
            if (request.root() == 1) {
                throw new ExceptionInInitializerError(
                        new UnsatisfiedLinkError("libzip.so: cannot open shared object file: Too many open files"));
            }
            throw new IllegalArgumentException("offset " + request.count() + " is negative");
        }

        @Override
        public void abort() {}

        @Override
        public void close() {}
    }

    /** Its log goes nowhere. */
    private static final class NoLog implements RankLog {
        @Override
        public void debug(String message) {}

        @Override
        public void info(String message) {}

        @Override
        public void error(String message) {}

        @Override
        public void bug(String what, Throwable bug) {}
    }

    private static WorkerResponse.Error answer(String collective, long root, String pairs) {
        XCollective asked = new XCollective(collective, "float", "", 4, root, pairs, "out", 0, 0, 0, 1, 7, 1000);
        try (Rank rank = Rank.of(new RankIdentity(0, 2, 0), new Broken(), new NoLog())) {
            return (WorkerResponse.Error) rank.answer(asked);
        }
    }

    @Test
    void aRequestThatContradictsItselfIsABadRequest() {
        assertThat(answer("broadcast", 2, "").kind()).isEqualTo(ErrorKind.BAD_REQUEST.wireName());
        assertThat(answer("pairs", 0, "0-0").kind()).isEqualTo(ErrorKind.BAD_REQUEST.wireName());
    }

    /** Somebody lowered it while the worker ran, and Java could not load a class of its own. */
    @Test
    void aLimitOnOpenFilesIsNoBug() {
        WorkerResponse.Error error = answer("broadcast", 1, "");
        assertThat(error.kind()).isEqualTo(ErrorKind.NCCL_SANITY_FAILED.wireName());
        assertThat(error.message())
                .isEqualTo("x_collective failed: the limit on the open files of this process is reached: raise it"
                        + " (ulimit -n)");
    }

    /** A leader takes a bad request for a case that this worker cannot do, and goes on. */
    @Test
    void aBugInTheWorkerIsNone() {
        WorkerResponse.Error error = answer("broadcast", 0, "");
        assertThat(error.kind()).isEqualTo(ErrorKind.NCCL_SANITY_FAILED.wireName());
        assertThat(error.message()).contains("failed by a bug in the worker", "offset 4 is negative");
    }
}
