/** How tpctl prints: tables that fit the terminal, times, sizes, a line of progress. */
package dev.neurontp.ops.console;
