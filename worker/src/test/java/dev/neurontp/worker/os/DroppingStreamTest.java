package dev.neurontp.worker.os;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A log whose reader has stopped reading. */
@Timeout(60)
class DroppingStreamTest {
    private static final int RECORDS = 10_000;

    private final CountDownLatch taken = new CountDownLatch(1);
    private final CountDownLatch readerReads = new CountDownLatch(1);
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final DroppingStream stream = new DroppingStream(new OutputStream() {
        @Override
        public void write(int b) {
            throw new IllegalStateException("records are written whole");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            taken.countDown();
            try {
                readerReads.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            read.write(bytes, offset, length);
        }
    });

    private void write(String line) {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        stream.write(bytes, 0, bytes.length);
    }

    private String allThatWasRead() {
        readerReads.countDown();
        stream.flush(Duration.ofSeconds(30));
        return read.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aWriterNeverWaitsAndTheReaderIsToldHowMuchItMissed() throws Exception {
        write("record 0");
        taken.await();
        for (int i = 1; i < RECORDS; i++) {
            write("record " + i);
        }
        String[] lines = allThatWasRead().split("\n", -1);

        int kept = lines.length - 2;
        assertThat(kept).isBetween(1000, RECORDS - 1);
        assertThat(lines[kept - 1]).isEqualTo("record " + (kept - 1));
        assertThat(lines[kept])
                .isEqualTo("(" + (RECORDS - kept) + " log records were dropped here: nobody read them in time)");
    }

    @Test
    void whatIsWrittenAfterwardsStandsBehindTheCount() throws Exception {
        write("first");
        taken.await();
        for (int i = 0; i < RECORDS; i++) {
            write("x");
        }
        assertThat(allThatWasRead()).endsWith("nobody read them in time)\n");
        write("last");

        assertThat(allThatWasRead()).endsWith("nobody read them in time)\nlast\n");
    }

    @Test
    void largeRecordsAreBoundedByTheirBytes() throws Exception {
        write("first");
        taken.await();
        String large = "x".repeat(100_000);
        for (int i = 0; i < 100; i++) {
            write(large);
        }

        assertThat(allThatWasRead()).hasSizeLessThan(400_000).contains("log records were dropped");
    }

    @Test
    void aFlushGivesUpAtItsBound() throws Exception {
        write("first");
        taken.await();
        long begin = System.nanoTime();
        stream.flush(Duration.ofMillis(50));

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(49));
        assertThat(read.size()).isZero();
    }

    /** As a disk that is full for a while. */
    @Test
    void whatCouldNotBeWrittenIsCountedOnceSomethingCanBe() {
        AtomicBoolean full = new AtomicBoolean();
        OutputStream disk = new OutputStream() {
            @Override
            public void write(int b) {
                throw new IllegalStateException("records are written whole");
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (full.get()) {
                    read.write(bytes, offset, 3);
                    throw new IOException("No space left on device");
                }
                read.write(bytes, offset, length);
            }
        };
        DroppingStream log = new DroppingStream(disk);
        for (String line : List.of("first", "lost", "lost too", "after", "last")) {
            full.set(line.startsWith("lost"));
            byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
            log.write(bytes, 0, bytes.length);
            log.flush(Duration.ofSeconds(30));
        }
        assertThat(read.toString(StandardCharsets.UTF_8).lines())
                .startsWith("first")
                .endsWith("(2 log records were lost here: they could not be written)", "after", "last");
    }
}
