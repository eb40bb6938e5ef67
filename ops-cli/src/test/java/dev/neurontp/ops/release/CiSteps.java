package dev.neurontp.ops.release;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.testing.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Runs the shell steps of action.yml, templates/judge.yml and docs/ci.md as the systems do: inputs reach them as variables.
 *
 * @param folder for the files that a system gives a step
 * @param work where the worker is
 * @param inputs by the names of action.yml
 */
record CiSteps(Path folder, Path work, Map<String, String> inputs) {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$(?:\\{\\{|\\[\\[) *([\\w.-]+) *(?:}}|]])");

    /** The systems that there are steps for. */
    enum CiSystem {
        GITHUB,
        GITLAB,
        JENKINS
    }

    /** Where mktemp makes what a step wants. */
    Path temporary() {
        return folder.resolve("temporary");
    }

    BareProgram run(CiSystem system) throws Exception {
        return switch (system) {
            case GITHUB -> github();
            case GITLAB -> gitlab();
            case JENKINS -> jenkins();
        };
    }

    static JsonNode action() throws IOException {
        return YAMLMapper.shared()
                .readTree(Programs.root().resolve("action.yml").toFile());
    }

    BareProgram github() throws Exception {
        JsonNode action = action();
        Map<String, String> values = new HashMap<>(
                Map.of("github.server_url", "https://host.invalid", "github.action_repository", "OWNER/neurontp"));
        action.get("inputs")
                .properties()
                .forEach(input -> values.put(
                        "inputs." + input.getKey(),
                        inputs.getOrDefault(
                                input.getKey(), input.getValue().path("default").asString(""))));
        Files.deleteIfExists(folder.resolve("output"));
        BareProgram result = null;
        for (JsonNode step : action.at("/runs/steps")) {
            Map<String, String> environment = new HashMap<>(Map.of(
                    "GITHUB_ACTIONS", "true",
                    "GITHUB_OUTPUT", folder.resolve("output").toString(),
                    "GITHUB_STEP_SUMMARY", folder.resolve("summary").toString(),
                    "RUNNER_TEMP", folder.toString()));
            step.get("env")
                    .properties()
                    .forEach(variable -> environment.put(
                            variable.getKey(), filled(variable.getValue().asString(), values)));
            result = execute(
                    environment, step.get("run").asString(), "bash", "--noprofile", "--norc", "-eo", "pipefail");
            if (Files.exists(folder.resolve("output"))) {
                Files.readAllLines(folder.resolve("output"))
                        .forEach(line -> values.put(
                                "steps." + step.get("id").asString() + ".outputs." + line.split("=", 2)[0],
                                line.split("=", 2)[1]));
            }
        }
        return result;
    }

    private BareProgram gitlab() throws Exception {
        String[] documents =
                Files.readString(Programs.root().resolve("templates/judge.yml")).split("\n---\n", 2);
        Map<String, String> values = new HashMap<>();
        YAMLMapper.shared()
                .readTree(documents[0])
                .at("/spec/inputs")
                .properties()
                .forEach(input -> values.put(
                        "inputs." + input.getKey(),
                        inputs.getOrDefault(
                                input.getKey(), input.getValue().path("default").asString(""))));
        JsonNode job = YAMLMapper.shared().readTree(documents[1]).get("wire-contract");
        Map<String, String> environment = new HashMap<>(Map.of("GITLAB_CI", "true"));
        job.get("variables").properties().forEach(variable -> {
            assertThat(variable.getValue().get("expand").asBoolean()).isFalse();
            environment.put(
                    variable.getKey(), filled(variable.getValue().get("value").asString(), values));
        });
        return execute(environment, job.at("/script/0").asString(), "sh", "-e");
    }

    private BareProgram jenkins() throws Exception {
        Matcher step = Pattern.compile("sh '''(.*?)'''", Pattern.DOTALL)
                .matcher(Files.readString(Programs.root().resolve("docs/ci.md")));
        assertThat(step.find()).isTrue();
        Map<String, String> environment = Map.of(
                "JUDGE_COMMAND", inputs.get("command"),
                "NEURONTP_PACKAGE", inputs.get("package"),
                "JUDGE_OPTIONS", inputs.get("options"));
        return execute(environment, step.group(1), "sh", "-xe");
    }

    private static String filled(String text, Map<String, String> values) {
        return PLACEHOLDER.matcher(text).replaceAll(found -> {
            assertThat(values).containsKey(found.group(1));
            return Matcher.quoteReplacement(values.get(found.group(1)));
        });
    }

    /** No input is ever part of a script: one that has a quote in it would be a command. */
    private BareProgram execute(Map<String, String> environment, String script, String... shell) throws Exception {
        assertThat(script).doesNotContain("${{", "$[[");
        Path file = Files.writeString(folder.resolve("step"), script);
        Map<String, String> all = new HashMap<>(environment);
        all.put("PATH", System.getenv("PATH"));
        all.put("JAVA_HOME", System.getProperty("java.home"));
        all.put("TMPDIR", Files.createDirectories(temporary()).toString());
        return BareProgram.run(
                all,
                Programs.concat(
                        List.of("env", "-C", work.toString()),
                        Programs.concat(List.of(shell), file.toString()).toArray(String[]::new)));
    }
}
