package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.daemon.runtime.FileErrors;
import dev.neurontp.harness.daemon.runtime.SmallFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Settings from a file. */
final class TomlSource {
    /** What the parser says of a file that is none takes a thousand times its size. */
    private static final int MOST_BYTES = 1 << 16;

    private TomlSource() {}

    /** {@code again}: the file was read before, so a pipe has nothing more to say, and whoever opens it may wait for ever. */
    static List<SettingValue> read(Path file, boolean again, List<String> problems) {
        TomlParseResult parsed;
        try {
            byte[] content = again ? SmallFile.readFollowing(file, MOST_BYTES) : SmallFile.readNamed(file, MOST_BYTES);
            parsed = Toml.parse(new ByteArrayInputStream(content));
        } catch (NoSuchFileException _) {
            problems.add("there is no file " + file + ": --config or NEURON_CONFIG must name the settings file");
            return List.of();
        } catch (IOException e) {
            problems.add("the settings file " + file + " cannot be read: " + FileErrors.reason(e));
            return List.of();
        }
        if (parsed.hasErrors()) {
            parsed.errors()
                    .forEach(
                            error -> problems.add(place(file, error.position()) + ": not TOML: " + error.getMessage()));
            return List.of();
        }
        List<SettingValue> given = new ArrayList<>();
        collect(file, "", parsed, given);
        return given;
    }

    private static void collect(Path file, String prefix, TomlTable table, List<SettingValue> given) {
        for (String key : table.keySet()) {
            List<String> path = List.of(key);
            Object value = table.get(path);
            String name = prefix + key;
            if (value instanceof TomlTable inner) {
                collect(file, name + ".", inner, given);
            } else {
                given.add(new SettingValue(name, place(file, table.inputPositionOf(path)), true, value));
            }
        }
    }

    private static String place(Path file, TomlPosition position) {
        return position == null ? file.toString() : file + " line " + position.line() + ", column " + position.column();
    }
}
