package dev.neurontp.ops.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.launch.Preset;
import dev.neurontp.ops.create.NewPoolOptions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

/** Which launchers a person may name without settings, and that all who say so say the same. */
class KnownLaunchersTest {
    private static Stream<String> presets() {
        return Preset.names().stream().filter(name -> !name.equals(Preset.EXEC));
    }

    @Test
    void theNamesAreThoseOfThePresetsThatWantNothingOfTheSettings() {
        List<String> names = List.of(KnownLaunchers.NAMES.split("(, | and )", -1));
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(presets()
                        .filter(name -> !Preset.named(name).has("image"))
                        .toList());
    }

    @Test
    void theHelpOfEveryCommandNamesThem() {
        assertThat(help(new NewPoolOptions())).contains(KnownLaunchers.NAMES);
    }

    private static String help(Object options) {
        return String.join(
                " ",
                CommandSpec.forAnnotatedObject(options).findOption("--launcher").description());
    }
}
