package dev.neurontp.harness.launch;

import dev.neurontp.harness.time.Durations;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * A launcher that is known by name, of {@code presets.toml}: what differs between them is words, not code.
 *
 * @param program the words that start it
 * @param start the words in front of what it shall start; {@code {program}}, {@code {options}} and {@code {gpus}} stand for more words
 * @param shell whether a shell of the other host takes the words apart
 * @param ownCodes exit codes that are the launcher's own
 * @param ready how long a start may take
 * @param gpus the words that give a device to what is started; with {@code {device}} it has that one alone
 * @param end what ends that which was started; empty where the lease alone does
 */
public record Preset(
        List<String> program,
        List<String> start,
        boolean shell,
        Set<Integer> ownCodes,
        Duration ready,
        List<String> gpus,
        Optional<EndWords> end) {
    /** The one whose words are all given. */
    public static final String EXEC = "exec";

    private static final String FILE = "presets.toml";

    /** By name. */
    private static final class Known {
        static final Map<String, Preset> PRESETS = read();
    }

    public Preset {
        program = List.copyOf(program);
        start = List.copyOf(start);
        ownCodes = Set.copyOf(ownCodes);
        gpus = List.copyOf(gpus);
    }

    /** The names of all. */
    public static Set<String> names() {
        return new TreeSet<>(Known.PRESETS.keySet());
    }

    /** The preset of one of {@link #names}. */
    public static Preset named(String name) {
        Preset preset = Known.PRESETS.get(name);
        if (preset == null) {
            throw new IllegalArgumentException("there is no preset '" + name + "': there are " + names());
        }
        return preset;
    }

    /** Whether some word of it has that placeholder. */
    public boolean has(String placeholder) {
        return start.stream().anyMatch(word -> word.contains("{" + placeholder + "}"));
    }

    /** Its words with what the settings give put in their place; {@code {gpus}} stays, which the pool decides. */
    public List<String> start(List<String> programWords, List<String> options) {
        return filled(start, Map.of("{program}", programWords, "{options}", options));
    }

    /** The words of its end with those of the program in their place. */
    public Optional<EndWords> end(List<String> programWords) {
        Map<String, List<String>> lists = Map.of("{program}", programWords);
        return end.map(words -> new EndWords(
                filled(words.words(), lists), words.proves(), words.absent(), filled(words.search(), lists)));
    }

    private static List<String> filled(List<String> words, Map<String, List<String>> lists) {
        List<String> filled = new ArrayList<>();
        for (String word : words) {
            filled.addAll(lists.getOrDefault(word, List.of(word)));
        }
        return filled;
    }

    private static Map<String, Preset> read() {
        try (InputStream in = Preset.class.getResourceAsStream(FILE)) {
            TomlParseResult parsed = Toml.parse(in);
            Map<String, Preset> presets = new TreeMap<>();
            for (String name : parsed.keySet()) {
                presets.put(name, preset(parsed.getTable(name)));
            }
            return presets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Preset preset(TomlTable table) {
        Optional<EndWords> end = table.contains("end")
                ? Optional.of(new EndWords(
                        words(table, "end"),
                        table.getBoolean("end_proves"),
                        Optional.ofNullable(table.getString("end_absent")),
                        words(table, "end_search")))
                : Optional.empty();
        return new Preset(
                words(table, "program"),
                words(table, "start"),
                table.getBoolean("shell"),
                table.getArray("own_codes").toList().stream()
                        .map(code -> Math.toIntExact((Long) code))
                        .collect(Collectors.toSet()),
                Durations.parse(table.getString("ready")).orElseThrow(),
                words(table, "gpus"),
                end);
    }

    private static List<String> words(TomlTable table, String name) {
        TomlArray words = table.getArrayOrEmpty(name);
        return words.toList().stream().map(String.class::cast).toList();
    }
}
