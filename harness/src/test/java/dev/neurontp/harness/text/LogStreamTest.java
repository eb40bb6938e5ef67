package dev.neurontp.harness.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogStreamTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final LogStream log = new LogStream(written);

    private String text() {
        return written.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aRecordIsOneLineWhateverItQuotes() {
        log.println("WARN failed: one\n2026 INFO forged\u001b[2J\u202e");
        assertThat(text()).isEqualTo("WARN failed: one\\n2026 INFO forged?[2J?\n");
    }

    @Test
    void aRecordIsBounded() {
        log.println("x".repeat(1_000_000));
        assertThat(text()).hasSizeLessThan(17_000).endsWith("…\n");
    }

    @Test
    void theMessageOfAnExceptionForgesNoLine() {
        new IllegalStateException("a\n2026 INFO forged", new IllegalArgumentException("b\nc")).printStackTrace(log);
        assertThat(text()).startsWith("java.lang.IllegalStateException: a\\n2026 INFO forged\n\tat ");
        assertThat(text().lines()).allMatch(line -> line.matches("(\t|java\\.|Caused by: ).*"));
    }

    @Test
    void helpAndOtherBytesPassAsTheyAre() {
        log.write("two\nlines\n".getBytes(StandardCharsets.UTF_8), 0, 10);
        assertThat(text()).isEqualTo("two\nlines\n");
    }

    @Test
    void whatEndsAThreadIsARecord() throws InterruptedException {
        PrintStream err = System.err;
        Thread.UncaughtExceptionHandler usual = Thread.getDefaultUncaughtExceptionHandler();
        try {
            LogStream.install();
            System.setErr(log);
            Thread thread = new Thread(
                    () -> {
                        throw new StackOverflowError("one\ntwo");
                    },
                    "reader");
            thread.start();
            thread.join();
        } finally {
            System.setErr(err);
            Thread.setDefaultUncaughtExceptionHandler(usual);
        }
        assertThat(text().lines()).first().asString().contains("ERROR", "the thread reader ended because of a defect");
        assertThat(text()).contains("StackOverflowError: one\\ntwo\n\tat ");
    }
}
