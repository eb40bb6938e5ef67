package dev.neurontp.ops.conformance;

import dev.neurontp.conformance.catalogue.Catalogue;
import dev.neurontp.conformance.check.Check;
import dev.neurontp.conformance.check.RunLog;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.contract.Rule;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "explain",
        description = "Explains a rule: what it says, why, an example, and what is checked.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "A rule's id, such as F2, or a check's, such as F2.inside.")
    String id;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() {
        Contract contract = Contract.load();
        String rule = id.contains(".") ? id.substring(0, id.indexOf('.')) : id;
        Rule found = contract.rules().stream()
                .filter(one -> one.id().equalsIgnoreCase(rule))
                .findFirst()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "no rule is called '" + id + "': see 'tpctl conformance list'"));
        explain(contract, found, spec.commandLine().getOut());
        return 0;
    }

    private static void explain(Contract contract, Rule rule, PrintWriter out) {
        out.println(rule.id() + "  " + rule.level() + "  " + rule.title());
        out.println("  rule     " + rule.text());
        out.println("  why      " + rule.why());
        out.println("  source   docs/wire-contract.md, " + rule.id() + ", in the contract since " + rule.since());
        if (!rule.noJudgement().isEmpty()) {
            out.println("  not judged: " + rule.noJudgement());
        }
        out.println("  example");
        rule.example().forEach(line -> out.println("    " + line));
        if (!rule.isJudged()) {
            out.println("  It binds this project's own worker only, and no check of the suite judges it.");
        } else {
            out.println("  checks");
            Catalogue.checks(contract).stream()
                    .filter(check -> check.rule().equals(rule.id()))
                    .forEach(check -> out.println(String.format("    %-20s %s", check.id(), Words.of(check))));
            out.println(String.format(
                    "    %-20s %s",
                    rule.id() + RunLog.ALWAYS, "(no check of its own) seen while something else was checked"));
        }
        out.flush();
    }

    private static final class Words {
        private static String of(Check check) {
            return check.title()
                    + switch (check) {
                        case Check.Examples examples ->
                            " (" + examples.scripts().size() + " examples)";
                        case Check.Property property -> " (random cases)";
                        case Check.Own own -> " (workers of its own)";
                        case Check.Background background -> " (workers that wait while the other checks run)";
                    };
        }
    }
}
