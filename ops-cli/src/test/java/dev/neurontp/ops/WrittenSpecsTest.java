package dev.neurontp.ops;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.harness.NeuronMain;
import dev.neurontp.harness.usage.CommandLines;
import dev.neurontp.harness.usage.WrittenSpec;
import dev.neurontp.ops.console.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.IFactory;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Range;

/** What the build writes down of picocli's annotations says what picocli reads in them. */
class WrittenSpecsTest {
    /** They say what the build does not write down; no short command has one of them. */
    private static final List<String> LEFT_TO_PICOCLI = List.of("ConformanceCommand", "RunCommand", "PlanOptions");

    private final Terminal terminal =
            new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false, false);
    private final IFactory factory = new Tpctl.OptionsFactory(CommandResult.NO_DAEMONS, CommandResult.NO_HISTORY);

    @Test
    void eachSaysWhatTheAnnotationsSay() {
        List<String> compared = new ArrayList<>();
        forEach((command, spec) -> {
            CommandSpec written = CommandLines.spec(command, factory);
            CommandSpec read = CommandSpec.forAnnotatedObject(command, factory);
            assertThat(described(written)).as(spec.name()).containsExactlyEntriesOf(described(read));
            compared.add(spec.name());
        });
        assertThat(compared).contains("neuron", "ls", "create", "run", "diff", "daemon");
    }

    /** Else it would be read at run time, which takes longer than most of what a command does. */
    @Test
    void allAreWrittenThatCanBe() {
        List<String> left = new ArrayList<>();
        forEach((command, spec) -> {
            unwritten(command, left);
            spec.mixins().values().forEach(mixin -> unwritten(mixin.userObject(), left));
        });
        assertThat(left).isSubsetOf(LEFT_TO_PICOCLI);
    }

    private static void unwritten(Object described, List<String> left) {
        // That of --help and --version is none of ours.
        if (described != null && described.getClass().getName().startsWith("dev.neurontp.")) {
            String name = described.getClass().getName() + WrittenSpec.SUFFIX;
            try {
                Class.forName(name);
            } catch (ClassNotFoundException _) {
                left.add(described.getClass().getSimpleName());
            }
        }
    }

    private void forEach(BiConsumer<Object, CommandSpec> action) {
        CommandLine tpctl = Tpctl.commandLine(terminal, CommandResult.NO_DAEMONS, CommandResult.NO_HISTORY, "help");
        walk(tpctl, action);
        walk(NeuronMain.described(), action);
    }

    private static void walk(CommandLine line, BiConsumer<Object, CommandSpec> action) {
        action.accept(line.getCommand(), line.getCommandSpec());
        line.getSubcommands().values().forEach(inner -> walk(inner, action));
    }

    private static Map<String, String> described(CommandSpec spec) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("name", spec.name());
        all.put("description", Arrays.toString(spec.usageMessage().description()));
        all.put("header", Arrays.toString(spec.usageMessage().header()));
        all.put("footer", Arrays.toString(spec.usageMessage().footer()));
        all.put("hidden", String.valueOf(spec.usageMessage().hidden()));
        all.put("help", String.valueOf(spec.mixinStandardHelpOptions()));
        all.put(
                "version",
                spec.versionProvider() == null
                        ? ""
                        : spec.versionProvider().getClass().getName());
        all.put("mixins", spec.mixins().keySet().toString());
        for (OptionSpec option : spec.options()) {
            all.put(
                    String.join(" ", option.names()),
                    argument(option) + " " + option.usageHelp() + option.versionHelp());
        }
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            all.put(parameter.paramLabel(), argument(parameter) + " " + range(parameter.index()));
        }
        all.put("usage", new CommandLine(spec).getUsageMessage());
        return all;
    }

    private static String argument(ArgSpec argument) {
        List<String> said = new ArrayList<>();
        said.add(argument.paramLabel());
        said.add(range(argument.arity()));
        said.add(argument.type().getName());
        said.add(Arrays.toString(argument.auxiliaryTypes()));
        said.add(argument.typeInfo().getAuxiliaryTypeInfos().stream()
                .map(CommandLine.Model.ITypeInfo::getClassName)
                .toList()
                .toString());
        said.add("required " + argument.required() + argument.originallyRequired());
        said.add("hidden " + argument.hidden());
        said.add(argument.splitRegex());
        said.add("default " + argument.defaultValue());
        said.add(Arrays.toString(argument.description()));
        said.add("initial " + argument.hasInitialValue() + argument.initialValue());
        said.add("interactive " + argument.interactive() + argument.hideParamSyntax() + argument.showDefaultValue());
        said.add(Arrays.stream(argument.converters())
                .map(converter -> converter.getClass().getName())
                .toList()
                .toString());
        List<String> candidates = new ArrayList<>();
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(candidates::add);
        }
        said.add(candidates.toString());
        return String.join(" | ", said);
    }

    private static String range(Range range) {
        return range + " of " + range.originalValue() + (range.isUnspecified() ? " unspecified" : "");
    }
}
