package dev.neurontp.ops.doctor;

import dev.neurontp.ops.console.Table;
import dev.neurontp.ops.doctor.check.Row;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** What is to be said of each row: its cause, how it is seen, and where this was learned. */
final class Explanations {
    private static final int WIDTH = 80;

    private final Properties texts;

    private Explanations(Properties texts) {
        this.texts = texts;
    }

    static Explanations load() {
        Properties texts = new Properties();
        try (Reader in = new InputStreamReader(
                Objects.requireNonNull(Explanations.class.getResourceAsStream("explanations.properties")),
                StandardCharsets.UTF_8)) {
            texts.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Explanations(texts);
    }

    String cause(Row row) {
        return texts.getProperty(row.name() + ".cause", "");
    }

    String seenBy(Row row) {
        return texts.getProperty(row.name() + ".seen", "");
    }

    String source(Row row) {
        return texts.getProperty(row.name() + ".source", "");
    }

    /** For a person. */
    List<String> lines(Row row) {
        List<String> lines = new ArrayList<>();
        lines.add(row.name() + "  " + row.title());
        add(lines, "cause   ", cause(row));
        add(lines, "seen by ", seenBy(row));
        add(lines, "source  ", source(row));
        return lines;
    }

    private static void add(List<String> lines, String name, String text) {
        String indent = "  " + " ".repeat(name.length()) + " ";
        List<String> wrapped = Table.wrap(text, WIDTH - indent.length());
        for (int i = 0; i < wrapped.size(); i++) {
            lines.add(i == 0 ? "  " + name + " " + wrapped.get(i) : indent + wrapped.get(i));
        }
    }
}
