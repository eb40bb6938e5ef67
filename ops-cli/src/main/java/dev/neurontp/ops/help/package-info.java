/** What helps to use tpctl: completion for shells, pages for man. Both are generated from the commands themselves. */
package dev.neurontp.ops.help;
