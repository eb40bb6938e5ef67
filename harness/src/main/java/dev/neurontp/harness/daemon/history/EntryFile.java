package dev.neurontp.harness.daemon.history;

import dev.neurontp.harness.api.Json;
import dev.neurontp.harness.daemon.runtime.SmallFile;
import dev.neurontp.harness.text.ForeignJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Entries of a pool, one JSON object on each line, behind a first line that says what the file is. */
final class EntryFile {
    /** The most that the setting allows, and room for the first line. */
    private static final int MOST_BYTES = (16 << 20) + 1024;

    private EntryFile() {}

    /** The first line: the format, and how many older entries are not there any more. */
    private record Head(int format, long dropped) {}

    /** What stands in a file. */
    record Entries<E>(List<E> entries, long dropped) {
        Entries {
            entries = List.copyOf(entries);
        }
    }

    /** One entry as it stands in the file, with its line feed. */
    static byte[] line(Object entry) {
        byte[] json = Json.bytes(Masking.of(Json.mapper().valueToTree(entry)));
        byte[] line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        return line;
    }

    /** A whole file of such lines. */
    static byte[] content(Iterable<byte[]> lines, long dropped) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(line(new Head(PoolRecord.FORMAT, dropped)));
        lines.forEach(content::writeBytes);
        return content.toByteArray();
    }

    /**
     * What stands in {@code file}, a stranger's text: a line that is no entry is left out. Nothing where there is no file.
     *
     * @throws IOException with the reason, when it cannot be read or is of another format; it quotes nothing
     */
    static <E> Entries<E> read(Path file, Class<E> type) throws IOException {
        List<String> lines;
        try {
            lines = new String(SmallFile.read(file, MOST_BYTES), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        } catch (NoSuchFileException _) {
            return new Entries<>(List.of(), 0);
        }
        Head head = lines.isEmpty() ? null : entry(lines.getFirst(), Head.class);
        if (head == null || head.format() != PoolRecord.FORMAT) {
            throw new IOException(file + " does not hold what a daemon of this version writes");
        }
        List<E> entries = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            E entry = entry(line, type);
            if (entry != null) {
                entries.add(entry);
            }
        }
        return new Entries<>(entries, Math.max(0, head.dropped()));
    }

    private static <E> E entry(String line, Class<E> type) {
        try {
            JsonNode json = ForeignJson.parse(line);
            return json.isObject() ? Json.read(json, type) : null;
        } catch (JacksonException _) {
            return null;
        }
    }
}
