package services

var drivers = map[string]driver{"postfix": postfix{}, "dovecot": dovecot{}, "nginx": nginx{}, "apache": apache{}, "command": command{}}
