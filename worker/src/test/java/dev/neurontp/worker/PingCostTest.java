package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.neurontp.rpc.FrameWriter;
import dev.neurontp.rpc.WorkerResponse;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.Stderr;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What a ping costs in memory that is allocated, a count that depends on no host. A JVM that was just started interprets: what parses
 * a ping and builds its pong takes ten times as long as the pipe.
 */
@Timeout(60)
class PingCostTest {
    private static final int PINGS = 1000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final RankIdentity IDENTITY = new RankIdentity(1, 2, 0);

    private final Log log = new Log(Stderr.stream(), Log.Level.OFF, "rank=1", false, Clock.systemUTC());
    private final ByteArrayOutputStream replies = new ByteArrayOutputStream();

    @Test
    void aLineThatComesAgainIsNotParsedAgain() throws Exception {
        Repeated stdin = new Repeated("{ \"op\" : \"ping\" }\n");
        serve(stdin, replies);
        assertThat((stdin.after - stdin.before) / PINGS)
                .as("bytes of the reader for a ping")
                .isLessThan(256);
        assertThat(replies.toString(StandardCharsets.UTF_8).lines())
                .hasSize(3 * PINGS)
                .containsOnly("{\"op\":\"pong\",\"rank\":1,\"world_size\":2,\"cuda_device\":0}");
    }

    @Test
    void aReplyThatComesAgainIsNotBuiltAgain() throws Exception {
        FrameWriter writer = new FrameWriter(OutputStream.nullOutputStream());
        WorkerResponse pong = new WorkerResponse.Pong(1, 2, 0);
        writer.write(pong);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < PINGS; i++) {
            writer.write(pong);
        }
        assertThat((THREADS.getCurrentThreadAllocatedBytes() - before) / PINGS).isLessThan(64);
    }

    @Test
    void eachLineGetsItsOwnReplyHoweverTheyAlternate() throws Exception {
        String lines = """
                {"op":"ping"}
                {"op":"ping"}
                {"op":"nccl_sanity_check"}
                {"op":"nccl_sanity_check"}
                {"op":"ping"}
                {"op":"pinG"}
                {"op":"pinG"}
                {"op":"ping"}
                """;
        serve(new ByteArrayInputStream(lines.getBytes(StandardCharsets.UTF_8)), replies);
        assertThat(replies.toString(StandardCharsets.UTF_8).lines().map(line -> line.substring(7, 11)))
                .containsExactly("pong", "pong", "erro", "erro", "pong", "erro", "erro", "pong");
    }

    private void serve(InputStream stdin, OutputStream stdout) throws InterruptedException {
        Rank rank = new Rank(
                IDENTITY,
                Stage.S7A_I,
                Communicators.named("the test", "loopback").open(IDENTITY, Map.of()),
                log);
        ShutdownWatchdog ending =
                new ShutdownWatchdog(rank, ShutdownWatchdog.Bounds.DEFAULT, () -> false, _ -> {}, log);
        assertThat(new ServeLoop(stdin, () -> stdout, rank, ending, () -> false, log).run())
                .isZero();
        ending.finish();
    }

    /** The same line again and again, one a read; it looks at what its reader allocates for the middle third. */
    private static final class Repeated extends InputStream {
        private final byte[] line;
        private int reads;
        private volatile long before;
        private volatile long after;

        Repeated(String line) {
            this.line = line.getBytes(StandardCharsets.US_ASCII);
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read by arrays");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (reads == PINGS) {
                before = THREADS.getCurrentThreadAllocatedBytes();
            } else if (reads == 2 * PINGS) {
                after = THREADS.getCurrentThreadAllocatedBytes();
            } else if (reads == 3 * PINGS) {
                return -1;
            }
            reads++;
            System.arraycopy(line, 0, into, offset, line.length);
            return line.length;
        }
    }
}
