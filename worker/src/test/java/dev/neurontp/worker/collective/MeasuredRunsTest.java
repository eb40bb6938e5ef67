package dev.neurontp.worker.collective;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.rpc.XCollective;
import dev.neurontp.rpc.XCollectiveResult;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs whose data nobody compares. */
class MeasuredRunsTest {
    private static final int PIECE = CheckedRuns.PIECE_BYTES;

    /** The host would need minutes for each element of a large buffer, for what nobody reads. */
    @Test
    void theHostComputesOnePieceOfThem() throws Exception {
        XCollective asked =
                new XCollective("all_reduce", "f8e4m3", "sum", 3L * PIECE + 7, 0, "", "out", 0, 2, 5, 0, 42, 0);
        CollectiveRequest request = CollectiveRequest.of(asked, 4);
        Recorder medium = new Recorder();

        XCollectiveResult result = new CheckedRuns<>(Layout.of(request, 1), medium, ByteBuffer.allocate(PIECE)).run();

        assertThat(medium.measured).isEqualTo(5);
        assertThat(result.checked()).isZero();
        assertThat(medium.writes).extracting(bytes -> bytes.length).containsExactly(PIECE, PIECE, PIECE, 7);
        assertThat(medium.writes.get(2)).isEqualTo(medium.writes.get(0));
        assertThat(medium.writes.get(0)).doesNotContain(0x7f, 0xff);
    }

    private static final class Recorder implements Medium<IllegalStateException> {
        private final List<byte[]> writes = new ArrayList<>();
        private int measured;

        @Override
        public void write(long at, ByteBuffer from) {
            byte[] bytes = new byte[from.remaining()];
            from.get(from.position(), bytes);
            writes.add(bytes);
        }

        @Override
        public void read(long at, ByteBuffer into) {
            throw new IllegalStateException("nothing is compared");
        }

        @Override
        public void run() {}

        @Override
        public void barrier() {}

        @Override
        public RunTimes measure(int iterations) {
            measured = iterations;
            return RunTimes.NONE;
        }

        @Override
        public boolean isSimulated() {
            return true;
        }
    }
}
