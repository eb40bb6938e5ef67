/** Completion for bash, zsh and fish: what can stand where is read from the commands once, and written in each shell's language. */
package dev.neurontp.ops.help.completion;
