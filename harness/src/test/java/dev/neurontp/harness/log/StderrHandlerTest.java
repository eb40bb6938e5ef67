package dev.neurontp.harness.log;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.text.LogStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** How one record reads in each format, whatever it quotes. */
class StderrHandlerTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final StderrHandler handler = new StderrHandler();
    private PrintStream usual;

    @BeforeEach
    void catchStderr() {
        usual = System.err;
        System.setErr(new LogStream(written));
    }

    @AfterEach
    void giveBack() {
        System.setErr(usual);
        StderrHandler.use(LogFormat.TEXT);
    }

    private List<String> lines(LogFormat format, Level level, String message, Throwable thrown) {
        StderrHandler.use(format);
        LogRecord record = new LogRecord(level, message);
        record.setLoggerName("dev.neurontp.harness.daemon.Daemon");
        record.setThrown(thrown);
        written.reset();
        handler.publish(record);
        return written.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Test
    void aRecordForAPersonIsOneLineThatNobodyForges() {
        assertThat(lines(LogFormat.TEXT, Level.WARNING, "a\n2026 INFO forged\u001b[2J", null))
                .singleElement()
                .asString()
                .matches(
                        "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z WARN Daemon - a\\\\n2026 INFO forged\\?\\[2J");
        List<String> trace = lines(LogFormat.TEXT, Level.SEVERE, "failed", new IllegalStateException("x\n2026 INFO y"));
        assertThat(trace.getFirst()).endsWith(" ERROR Daemon - failed");
        assertThat(trace.get(1)).isEqualTo("java.lang.IllegalStateException: x\\n2026 INFO y");
        assertThat(trace.subList(2, trace.size())).isNotEmpty().allMatch(line -> line.startsWith("\tat "));
    }

    @Test
    void aRecordForAProgramIsOneObjectWithAllOfIt() {
        String quotes = "\"\\".repeat(12_000);
        JsonNode record = Json.mapper()
                .readTree(lines(
                                LogFormat.JSON,
                                Level.FINE,
                                "two\nlines \u202e" + quotes,
                                new IllegalStateException("why"))
                        .getFirst());
        assertThat(record.propertyNames()).containsExactly("time", "level", "logger", "message", "error");
        assertThat(record.get("level").stringValue()).isEqualTo("debug");
        assertThat(record.get("logger").stringValue()).isEqualTo("Daemon");
        assertThat(record.get("message").stringValue())
                .startsWith("two\\nlines ?\"\\")
                .hasSizeLessThan(17_000);
        assertThat(record.get("error").stringValue()).startsWith("java.lang.IllegalStateException: why\n at ");
        assertThat(lines(LogFormat.JSON, Level.INFO, "x", null))
                .singleElement()
                .asString()
                .doesNotContain("error");
    }

    /** sd-daemon(3): a number of syslog(3) in front of every line, and no time, which the journal has itself. */
    @Test
    void aRecordForTheJournalHasItsPriorityOnEveryLine() {
        assertThat(lines(LogFormat.JOURNAL, Level.INFO, "listening", null)).containsExactly("<6>Daemon - listening");
        assertThat(lines(LogFormat.JOURNAL, Level.FINE, "x", null)).containsExactly("<7>Daemon - x");
        assertThat(lines(LogFormat.JOURNAL, Level.WARNING, "a\n<0>b", null)).containsExactly("<4>Daemon - a\\n<0>b");
        assertThat(lines(LogFormat.JOURNAL, Level.SEVERE, "failed", new IllegalStateException("why")))
                .allMatch(line -> line.startsWith("<3>"))
                .anyMatch(line -> line.startsWith("<3>    at "));
    }
}
