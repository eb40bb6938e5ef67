package dev.neurontp.harness.launch;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/**
 * A launcher that is known by name, of {@code presets.toml}: what differs between them is words, not code.
 *
 * @param start the words in front of what it shall start; {@code {options}} stands for further words
 * @param shell whether a shell of the other host takes the words apart
 * @param ownCodes exit codes that are the launcher's own
 */
public record Preset(List<String> start, boolean shell, Set<Integer> ownCodes) {
    /** The one whose words are all given. */
    public static final String EXEC = "exec";

    private static final String OPTIONS = "{options}";
    private static final String FILE = "presets.toml";

    /** By name. */
    private static final class Known {
        static final Map<String, Preset> PRESETS = read();
    }

    public Preset {
        start = List.copyOf(start);
        ownCodes = Set.copyOf(ownCodes);
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

    /** Its words with the options in their place. */
    public List<String> start(List<String> options) {
        List<String> words = new ArrayList<>();
        for (String word : start) {
            if (word.equals(OPTIONS)) {
                words.addAll(options);
            } else {
                words.add(word);
            }
        }
        return words;
    }

    private static Map<String, Preset> read() {
        try (InputStream in = Preset.class.getResourceAsStream(FILE)) {
            TomlParseResult parsed = Toml.parse(in);
            Map<String, Preset> presets = new TreeMap<>();
            for (String name : parsed.keySet()) {
                TomlTable table = parsed.getTable(name);
                TomlArray start = table.getArray("start");
                TomlArray codes = table.getArray("own_codes");
                presets.put(
                        name,
                        new Preset(
                                start.toList().stream().map(String.class::cast).toList(),
                                table.getBoolean("shell"),
                                Set.copyOf(codes.toList().stream()
                                        .map(code -> Math.toIntExact((Long) code))
                                        .toList())));
            }
            return presets;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
