package dev.neurontp.harness.log;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.text.ForeignText;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.stream.Collectors;

/** Writes each record to System.err as it is at that moment, in one go. */
public final class StderrHandler extends Handler {
    private static final DateTimeFormatter INSTANT =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSX").withZone(ZoneOffset.UTC);
    /** Of each field in JSON, whose lines are written whole. In characters. */
    private static final int LONGEST = 16 * 1024;

    /** A tab would be no more than a blank behind a priority. */
    private static final String INDENT = "    ";

    /** The lines of one record stay together. */
    private static final Object LINES = new Object();

    private static volatile LogFormat format = LogFormat.TEXT;

    static void use(LogFormat wanted) {
        format = wanted;
    }

    @Override
    public void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        LogLevel level = LogLevel.of(record.getLevel());
        switch (format) {
            case JSON -> json(record, level);
            case JOURNAL -> text(priority(level), record, "");
            case AUTO, TEXT ->
                text("", record, INSTANT.format(Instant.ofEpochMilli(record.getMillis())) + " " + level.name() + " ");
        }
    }

    private static void text(String priority, LogRecord record, String head) {
        List<String> lines = new ArrayList<>(List.of(head + shortName(record) + " - " + record.getMessage()));
        lines.addAll(StackTraceLines.of(record.getThrown()));
        synchronized (LINES) {
            lines.forEach(line ->
                    System.err.println(priority.isEmpty() ? line : priority + line.replaceFirst("^\t", INDENT)));
        }
    }

    private static void json(LogRecord record, LogLevel level) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", INSTANT.format(Instant.ofEpochMilli(record.getMillis())));
        fields.put("level", level.label());
        fields.put("logger", shortName(record));
        fields.put("message", ForeignText.of(record.getMessage(), LONGEST));
        if (record.getThrown() != null) {
            String trace = StackTraceLines.of(record.getThrown()).stream()
                    .map(ForeignText::of)
                    .collect(Collectors.joining("\n"));
            fields.put("error", ForeignText.lines(trace, LONGEST));
        }
        byte[] line = (Json.text(fields) + "\n").getBytes(StandardCharsets.UTF_8);
        System.err.write(line, 0, line.length);
    }

    /** The last part of a class's name: the others say nothing to a reader. */
    private static String shortName(LogRecord record) {
        String name = record.getLoggerName() == null ? "" : record.getLoggerName();
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Of syslog(3), as sd-daemon(3) wants it before a line. */
    private static String priority(LogLevel level) {
        return switch (level) {
            case ERROR -> "<3>";
            case WARN -> "<4>";
            case INFO -> "<6>";
            case DEBUG -> "<7>";
        };
    }

    @Override
    public void flush() {
        System.err.flush();
    }

    @Override
    public void close() {
        // System.err is not this handler's.
    }
}
