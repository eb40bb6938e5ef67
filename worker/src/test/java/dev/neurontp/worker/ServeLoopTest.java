package dev.neurontp.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.worker.comm.Communicator;
import dev.neurontp.worker.comm.RankIdentity;
import dev.neurontp.worker.os.ExitCode;
import dev.neurontp.worker.os.Stderr;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which thread answers, and in which order. */
@Timeout(60)
class ServeLoopTest {
    private static final String PING = "{\"op\":\"ping\"}\n";
    private static final String SANITY = "{\"op\":\"nccl_sanity_check\"}\n";
    private static final String PONG = "{\"op\":\"pong\",\"rank\":0,\"world_size\":1,\"cuda_device\":0}\n";
    private static final String SUM = "{\"op\":\"nccl_sanity_result\",\"observed_sum\":1}\n";
    private static final String READER = "stdin";
    private static final ShutdownWatchdog.Bounds SHORT =
            new ShutdownWatchdog.Bounds(Duration.ofMillis(100), Duration.ofMillis(100), Duration.ofMillis(100));

    private final CountDownLatch inTheSum = new CountDownLatch(1);
    private final CountDownLatch sumMayEnd = new CountDownLatch(1);
    private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
    private final Stdin stdin = new Stdin();
    private final Stdout stdout = new Stdout();
    private final Log log = new Log(Stderr.stream(), Log.Level.OFF, "rank=0", false, Clock.systemUTC());

    @Test
    void whatIsBehindACollectiveWaitsForItsTurn() throws Exception {
        serve(false);
        stdin.send(PING + SANITY);
        inTheSum.await();
        stdin.send(PING + "no json\n" + PING);
        stdin.awaitReads(3);
        assertThat(stdout.lines).containsExactly(PONG);
        sumMayEnd.countDown();
        assertThat(stdout.next()).isEqualTo(PONG);
        assertThat(stdout.next()).isEqualTo(SUM);
        assertThat(stdout.next()).isEqualTo(PONG);
        assertThat(stdout.next()).contains("bad_request");
        assertThat(stdout.next()).isEqualTo(PONG);
    }

    @Test
    void aReplyThatNobodyTakesDoesNotHideThatTheLeaderIsGone() throws Exception {
        serve(true);
        stdout.readersMayPass = false;
        while (!exitCode.isDone()) {
            stdin.send(PING);
            stdin.awaitReadOr(exitCode);
        }
        assertThat(exitCode).isCompletedWithValue(ExitCode.FAILED);
        stdout.passing.release();
    }

    @Test
    void aReplyOfTheReaderThatCannotBeWrittenEndsItWithAnError() throws Exception {
        serve(false);
        stdout.readersFail = true;
        while (!exitCode.isDone()) {
            stdin.send(PING);
            stdin.awaitReadOr(exitCode);
        }
        assertThat(exitCode).isCompletedWithValue(ExitCode.FAILED);
    }

    private void serve(boolean hungUp) {
        Rank rank = new Rank(new RankIdentity(0, 1, 0), Stage.S7A_II, slow(), log);
        ShutdownWatchdog ending = new ShutdownWatchdog(rank, SHORT, () -> false, exitCode::complete, log);
        ServeLoop loop = new ServeLoop(stdin, () -> stdout, rank, ending, () -> hungUp, log);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                exitCode.complete(loop.run());
                ending.finish();
            } catch (InterruptedException e) {
                exitCode.completeExceptionally(e);
            }
        });
    }

    private Communicator slow() {
        return new Communicator() {
            @Override
            public void init(String commId) {}

            @Override
            public long allReduceSum(long value) {
                inTheSum.countDown();
                try {
                    sumMayEnd.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return value;
            }

            @Override
            public void abort() {}

            @Override
            public void close() {}
        };
    }

    /** Hands out what it was given, whole, and knows when the reader wants more than there is. */
    private static final class Stdin extends InputStream {
        private final BlockingQueue<byte[]> given = new LinkedBlockingQueue<>();
        private final Semaphore wanted = new Semaphore(0);

        void send(String lines) {
            given.add(lines.getBytes(StandardCharsets.UTF_8));
        }

        /** Waits for that many reads: all that was given to those before the last is answered or queued. */
        void awaitReads(int count) throws InterruptedException {
            wanted.acquire(count);
        }

        void awaitReadOr(CompletableFuture<Integer> end) throws InterruptedException {
            while (!end.isDone() && !wanted.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                Thread.onSpinWait();
            }
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("read by arrays");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            wanted.release();
            try {
                byte[] next = given.take();
                System.arraycopy(next, 0, into, offset, next.length);
                return next.length;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** Keeps every line, and can hold up or fail the reader's own. */
    private static final class Stdout extends OutputStream {
        private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
        private final Semaphore passing = new Semaphore(0);
        private volatile boolean readersMayPass = true;
        private volatile boolean readersFail;

        String next() throws InterruptedException {
            return lines.poll(30, TimeUnit.SECONDS);
        }

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("written by frames");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            boolean readers = Thread.currentThread().getName().equals(READER);
            if (readers && readersFail) {
                throw new IOException("Broken pipe");
            }
            if (readers && !readersMayPass) {
                passing.acquireUninterruptibly();
            }
            lines.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
        }
    }
}
