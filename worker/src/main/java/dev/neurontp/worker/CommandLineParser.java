package dev.neurontp.worker;

import dev.neurontp.rpc.U32;
import dev.neurontp.rpc.WireText;
import dev.neurontp.worker.comm.CommunicatorProvider;
import dev.neurontp.worker.comm.RankIdentity;
import java.util.HashMap;
import java.util.Map;

/** Reads arguments as the contract says (A1 to A5). Small on purpose: every worker start runs it. */
final class CommandLineParser {
    static final String STAGE_VARIABLE = "NEURON_TP_STAGE";
    static final String COMMUNICATOR_VARIABLE = "NEURON_TP_COMMUNICATOR";

    private static final String WORKER = "--worker";
    private static final String COMM_ID = "--comm-id";
    private static final String HELP = "--help";
    private static final String VERSION = "--version";
    private static final String RANK = "--rank";
    private static final String TP_SIZE = "--tp-size";
    private static final String CUDA_DEVICE = "--cuda-device";
    private static final String STAGE = "--stage";
    private static final String COMMUNICATOR = "--communicator";

    private final Map<String, String> given = new HashMap<>();
    private final Map<String, String> environment;

    private CommandLineParser(Map<String, String> environment) {
        this.environment = environment;
    }

    static CommandLine parse(String[] arguments, Map<String, String> environment) throws UsageException {
        CommandLineParser parser = new CommandLineParser(environment);
        parser.read(arguments);
        return parser.meaning();
    }

    private void read(String[] arguments) throws UsageException {
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            String value = equals < 0 ? null : argument.substring(equals + 1);
            switch (name) {
                case WORKER, COMM_ID, HELP, VERSION -> {
                    if (value != null) {
                        throw new UsageException(
                                name + " takes no value, and '" + WireText.quotable(value) + "' is one");
                    }
                    value = "";
                }
                case RANK, TP_SIZE, CUDA_DEVICE, STAGE, COMMUNICATOR -> {
                    if (value == null) {
                        i++;
                        if (i == arguments.length || arguments[i].startsWith("--")) {
                            throw new UsageException(name + " needs a value, and has none");
                        }
                        value = arguments[i];
                    }
                }
                default ->
                    throw new UsageException("unknown option '" + WireText.quotable(argument) + "': --help lists them");
            }
            if (given.put(name, value) != null) {
                throw new UsageException(name + " is given twice: each option is taken once");
            }
        }
    }

    private CommandLine meaning() throws UsageException {
        RankIdentity identity = new RankIdentity(number(RANK, 0), number(TP_SIZE, 1), number(CUDA_DEVICE, 0));
        Stage stage = Stage.parse(source(STAGE, STAGE_VARIABLE), setting(STAGE, STAGE_VARIABLE, "7a-ii"));
        CommunicatorProvider communicator = communicator();
        if (given.containsKey(HELP)) {
            return new CommandLine.Help();
        }
        if (given.containsKey(VERSION)) {
            return new CommandLine.Version();
        }
        if (!given.containsKey(COMM_ID)) {
            if (!given.containsKey(WORKER)) {
                throw new UsageException("neither " + WORKER + " nor " + COMM_ID + " is given: one of them is needed");
            }
            return new CommandLine.Serve(identity, stage, communicator);
        }
        for (String option : given.keySet()) {
            if (!option.equals(COMM_ID) && !option.equals(COMMUNICATOR)) {
                throw new UsageException(
                        option + " does not go with " + COMM_ID + ": that takes " + COMMUNICATOR + " and nothing else");
            }
        }
        return new CommandLine.CreateCommId(communicator);
    }

    private long number(String option, long whenAbsent) throws UsageException {
        String text = given.get(option);
        if (text == null) {
            return whenAbsent;
        }
        try {
            return U32.parse(option, text);
        } catch (NumberFormatException e) {
            throw new UsageException(e.getMessage());
        }
    }

    private CommunicatorProvider communicator() throws UsageException {
        String text = setting(COMMUNICATOR, COMMUNICATOR_VARIABLE, null);
        if (text == null) {
            return Communicators.byDefault();
        }
        try {
            return Communicators.named(source(COMMUNICATOR, COMMUNICATOR_VARIABLE), text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage());
        }
    }

    /** The option before the variable before the default. An empty variable counts as none. */
    private String setting(String option, String variable, String whenAbsent) {
        String text = given.get(option);
        if (text == null) {
            text = environment.get(variable);
            if (text == null || text.isEmpty()) {
                return whenAbsent;
            }
        }
        return text;
    }

    private String source(String option, String variable) {
        return given.containsKey(option) ? option : variable;
    }
}
