package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.contract.Rule;
import dev.neurontp.conformance.contract.Stage;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(name = "list", description = "Lists every rule: id, level, stages, title.", mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        for (Rule rule : Contract.load().rules()) {
            String stages = rule.stages().size() == Stage.values().length
                    ? "all stages"
                    : Arrays.stream(Stage.values())
                            .filter(rule.stages()::contains)
                            .map(Stage::id)
                            .collect(Collectors.joining(", "));
            spec.commandLine()
                    .getOut()
                    .println(String.format("%-5s %-7s %-14s %s", rule.id(), rule.level(), stages, rule.title()));
        }
        spec.commandLine().getOut().flush();
        return 0;
    }
}
