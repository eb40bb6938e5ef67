package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.launch.EndWords;
import dev.neurontp.harness.launch.Launcher;
import dev.neurontp.harness.launch.Preset;
import dev.neurontp.harness.process.NeuronLauncher;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One launcher, of its preset and what the settings say beside it; the rules between them. */
final class LauncherFields {
    private static final Duration LEASE = Duration.ofSeconds(15);
    private static final String JOB_VARIABLE = "SLURM_JOB_ID";

    private final LauncherSettings.Fields fields;
    private final String name;
    private final String presetName;
    private final Preset preset;

    LauncherFields(LauncherSettings.Fields fields, String name, String presetName) {
        this.fields = fields;
        this.name = name;
        this.presetName = presetName;
        this.preset = Preset.named(presetName);
    }

    LauncherSettings.Launched launched() {
        boolean exec = presetName.equals(Preset.EXEC);
        List<String> given = fields.get("start", List.of());
        if (exec == given.isEmpty()) {
            throw wrong("start", "goes with preset = \"exec\" and with no other: it has all words of the launcher");
        }
        onlyOf(!exec, "options", "does not go with preset = \"exec\": put them into start");
        onlyOf(!exec, "program", "does not go with preset = \"exec\": put it into start");
        onlyOf(exec, "end", "goes with preset = \"exec\" and with no other: presets have their own");
        onlyOf(preset.has("gpus"), "gpus", "does not go with the preset '" + presetName + "', which gives no devices");
        onlyOf(preset.has("image"), "image", "does not go with the preset '" + presetName + "', which has no images");
        onlyOf(preset.has("job"), "job", "does not go with the preset '" + presetName + "', which has no jobs");
        if (preset.has("image") && !fields.has("image")) {
            throw wrong("image", "is missing: it names the image in which neuron is");
        }
        List<String> program = fields.get("program", preset.program());
        Launcher launcher = new Launcher(
                name,
                exec ? given : preset.start(program, fields.get("options", List.of())),
                fields.get("shell", preset.shell()),
                preset.ownCodes(),
                fields.has("neuron") ? fields.get("neuron", List.of()) : neuron(),
                LauncherSettings.assignments(name, fields.get("env", List.of())),
                fields.has("end") ? end() : preset.end(program),
                false,
                values());
        return new LauncherSettings.Launched(
                launcher,
                fields.get("lease", LEASE),
                preset.ready(),
                fields.get("gpus", preset.gpus()),
                presetName.equals("local"));
    }

    /** What it is told of is asked to end: whether it has is not known of a program that is not known. */
    private Optional<EndWords> end() {
        List<String> words = fields.get("end", List.of());
        return words.isEmpty() ? Optional.empty() : Optional.of(new EndWords(words, false, Optional.empty()));
    }

    private Map<String, String> values() {
        Map<String, String> values = new HashMap<>();
        if (fields.has("image")) {
            values.put("image", fields.get("image", ""));
        }
        String job = fields.get("job", System.getenv().getOrDefault(JOB_VARIABLE, ""));
        if (preset.has("job") && !job.isEmpty()) {
            values.put("job", job);
        }
        return values;
    }

    /** On another host it is looked for on the PATH; and here where this program does not know its own path. */
    private List<String> neuron() {
        return presetName.equals("local") && NeuronLauncher.isKnown() ? NeuronLauncher.neuron() : List.of("neuron");
    }

    private void onlyOf(boolean allowed, String field, String rule) {
        if (!allowed && fields.has(field)) {
            throw wrong(field, rule);
        }
    }

    private IllegalArgumentException wrong(String field, String rule) {
        return new IllegalArgumentException("launchers." + name + "." + field + " " + rule);
    }
}
