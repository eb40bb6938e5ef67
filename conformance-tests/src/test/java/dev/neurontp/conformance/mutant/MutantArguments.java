package dev.neurontp.conformance.mutant;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The mutant worker's command line. */
record MutantArguments(long rank, long size, long device) {

    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        Refused(String message) {
            super(message);
        }

        int exit(Faults faults) {
            if (faults.has("usage-on-stdout")) {
                System.out.println(getMessage());
            }
            if (faults.has("long-usage")) {
                System.err.println("  --option VALUE  does something\n".repeat(500));
            }
            if (!faults.has("silent-refusal")) {
                System.err.println(getMessage());
            }
            return faults.has("refuses-with-1") ? 1 : 2;
        }
    }

    /** Null where the arguments only ask for help. */
    static MutantArguments parse(List<String> args, Faults faults) throws Refused {
        Long rank = null;
        Long size = null;
        Long device = null;
        long otherwise = faults.has("default-size-0") ? 0 : 1;
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < args.size(); i++) {
            String name = args.get(i);
            if (name.equals("--worker")) {
                continue;
            }
            if (name.equals("--help") || name.equals("--version")) {
                if (faults.has("no-help")) {
                    throw new Refused("unknown option " + name);
                }
                (faults.has("help-on-stderr") ? System.err : System.out).println("mutant 1.0");
                if (faults.has("long-help")) {
                    System.out.println("  --option VALUE  does something\n".repeat(500));
                }
                return null;
            }
            String value = null;
            int equals = name.indexOf('=');
            if (equals > 0 && !faults.has("no-equals-form")) {
                value = name.substring(equals + 1);
                name = name.substring(0, equals);
            }
            if (!Set.of("--rank", "--tp-size", "--cuda-device").contains(name)) {
                if (faults.has("takes-unknown-options") || (faults.has("more-options") && name.equals("--port"))) {
                    continue;
                }
                throw new Refused("unknown option " + name);
            }
            if (!seen.add(name) && !faults.has("last-option-wins")) {
                throw new Refused(name + " is given twice");
            }
            if (value == null) {
                if (++i >= args.size()) {
                    throw new Refused(name + " wants a value");
                }
                value = args.get(i);
            }
            long number = number(name, value, faults);
            switch (name) {
                case "--rank" -> rank = number;
                case "--tp-size" -> size = number;
                default -> device = number;
            }
        }
        return completed(rank, size, device, otherwise, faults);
    }

    private static MutantArguments completed(Long rank, Long size, Long device, long otherwise, Faults faults)
            throws Refused {
        long r = rank == null ? 0 : rank;
        long n = size != null ? size : faults.has("size-follows-rank") ? r + 1 : otherwise;
        long d = device != null ? device : faults.has("device-follows-rank") ? r : 0;
        if (faults.has("cross-checks") && r >= n) {
            throw new Refused("rank " + r + " is not below " + n);
        }
        return new MutantArguments(r, n, d);
    }

    private static long number(String name, String value, Faults faults) throws Refused {
        String digits = faults.has("takes-plus") && value.startsWith("+") ? value.substring(1) : value;
        if (faults.has("takes-underscores")) {
            digits = digits.replace("_", "");
        }
        if (faults.has("unicode-digits") ? !digits.matches("(?U)\\d{1,30}") : !digits.matches("[0-9]{1,30}")) {
            throw new Refused(name + " is no number: " + value);
        }
        if (faults.has("refuses-01") && digits.length() > 1 && digits.startsWith("0")) {
            throw new Refused(name + " has a zero before its number: " + value);
        }
        java.math.BigInteger number = new java.math.BigInteger(digits);
        if (number.bitLength() > 32 && !faults.has("wraps-numbers")) {
            throw new Refused(name + " is over 4294967295: " + value);
        }
        if (number.bitLength() > 31 && faults.has("signed-numbers")) {
            throw new Refused(name + " is over 2147483647: " + value);
        }
        return number.longValue() & 0xffff_ffffL;
    }
}
