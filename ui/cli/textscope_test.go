package cli

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// scope is where an expression stands.
type scope struct {
	src     *source
	room    *room
	fn      *ast.FuncDecl
	imports map[string]string
	depth   int
	part    bool // of a sentence: what other functions give is not followed there
}

// most is how many ways of one sentence are followed.
const most = 24

// sentences are those that a node shows.
func (in scope) sentences(n ast.Node) (list []sink) {
	switch n := n.(type) {
	case *ast.CallExpr:
		for _, s := range in.src.sinks[in.called(n)] {
			list = append(list, in.filled(s, n.Args)...)
		}
	case *ast.CompositeLit:
		if at, shown := shownTypes[lastName(n.Type)]; shown {
			list = in.literal(n, at)
		}
	case *ast.AssignStmt:
		for i, to := range n.Lhs {
			if sel, ok := to.(*ast.SelectorExpr); ok && shownFields[sel.Sel.Name] {
				list = append(list, pairs(in.right(n, i), []string{""})...)
			}
		}
	}
	return list
}

// told are the texts that a function returns.
func (in scope) told() (list []sink) {
	if in.fn.Body == nil || in.fn.Type.Results == nil {
		return nil
	}
	ast.Inspect(in.fn.Body, func(n ast.Node) bool {
		if ret, ok := n.(*ast.ReturnStmt); ok {
			for _, e := range ret.Results {
				list = append(list, pairs(in.texts(e), []string{""})...)
			}
		}
		_, literal := n.(*ast.FuncLit)
		return !literal
	})
	for i := range list {
		list[i].text = holes.ReplaceAllString(list[i].text, unknown)
	}
	return list
}

var holes = regexp.MustCompile("\x00[0-9]+\x00")

// right is what an assignment gives its i-th name.
func (in scope) right(a *ast.AssignStmt, i int) []string {
	if len(a.Rhs) == len(a.Lhs) {
		return in.texts(a.Rhs[i])
	}
	if call, ok := a.Rhs[0].(*ast.CallExpr); ok {
		return in.result(call, i)
	}
	return nil
}

// literal is a value of one of shownTypes; at is where its text stands if its fields are not named.
func (in scope) literal(lit *ast.CompositeLit, at int) (list []sink) {
	texts, hints := []string{""}, []string{""}
	for i, el := range lit.Elts {
		kv, ok := el.(*ast.KeyValueExpr)
		if !ok && i == at {
			texts = in.texts(el)
		}
		if !ok {
			continue
		}
		switch name := lastName(kv.Key); {
		case name == "Hint":
			hints = in.texts(kv.Value)
		case shownFields[name]:
			texts = in.texts(kv.Value)
		}
	}
	return pairs(texts, hints)
}

func pairs(texts, hints []string) (list []sink) {
	for _, text := range texts {
		for _, hint := range hints {
			if text+hint != "" {
				list = append(list, sink{text, hint})
			}
		}
	}
	return list
}

// filled puts a call's arguments into the holes of what the called function shows.
func (in scope) filled(s sink, args []ast.Expr) []sink {
	return pairs(in.fill(s.text, args), in.fill(s.hint, args))
}

func (in scope) fill(text string, args []ast.Expr) []string {
	out := []string{text}
	for i, arg := range args {
		if !strings.Contains(text, hole(i)) {
			continue
		}
		var next []string
		for _, t := range out {
			for _, word := range in.texts(arg) {
				next = append(next, strings.ReplaceAll(t, hole(i), mark(word)))
			}
		}
		out = capped(next)
	}
	for i, t := range out {
		out[i] = strings.ReplaceAll(t, "\x02", "\x00")
	}
	return out
}

// mark keeps the holes of an argument apart from those that are still to be filled.
func mark(word string) string { return strings.ReplaceAll(word, "\x00", "\x02") }

func capped(list []string) []string {
	slices.Sort(list)
	list = slices.Compact(list)
	return list[:min(len(list), most)]
}

// texts are the ways an expression can read; what is not known before run time is "…".
func (in scope) texts(e ast.Expr) []string {
	if in.depth++; in.depth > 12 {
		return []string{unknown}
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(e.Value); err == nil && e.Kind == token.STRING {
			return []string{text}
		}
	case *ast.ParenExpr:
		return in.texts(e.X)
	case *ast.BinaryExpr:
		return in.joined(e)
	case *ast.Ident:
		return in.named(e.Name)
	case *ast.SelectorExpr:
		if r := in.src.rooms[in.imports[lastName(e.X)]]; r != nil {
			return scope{src: in.src, room: r, depth: in.depth}.named(e.Sel.Name)
		}
	case *ast.IndexExpr:
		return in.indexed(e)
	case *ast.CallExpr:
		return in.result(e, 0)
	}
	return []string{unknown}
}

func (in scope) joined(e *ast.BinaryExpr) (list []string) {
	in.part = true
	for _, x := range in.texts(e.X) {
		for _, y := range in.texts(e.Y) {
			list = append(list, x+y)
		}
	}
	return capped(list)
}

// indexed is any value of a map or list that is written out.
func (in scope) indexed(e *ast.IndexExpr) (list []string) {
	lit, ok := e.X.(*ast.CompositeLit)
	if id, named := e.X.(*ast.Ident); named {
		lit, ok = in.room.values[id.Name].(*ast.CompositeLit)
	}
	if !ok {
		return []string{unknown}
	}
	for _, el := range lit.Elts {
		if kv, ok := el.(*ast.KeyValueExpr); ok {
			el = kv.Value
		}
		list = append(list, in.texts(el)...)
	}
	return capped(list)
}

// named is a constant, a parameter, or everything that is assigned to a variable of the function.
func (in scope) named(name string) (list []string) {
	if i := in.parameter(name); i >= 0 {
		list = append(list, hole(i))
	}
	if in.fn != nil && in.fn.Body != nil {
		ast.Inspect(in.fn.Body, func(n ast.Node) bool {
			if a, ok := n.(*ast.AssignStmt); ok {
				list = append(list, in.assigned(a, name)...)
			}
			return true
		})
	}
	if value := in.room.values[name]; value != nil && len(list) == 0 {
		return scope{src: in.src, room: in.room, imports: in.imports, depth: in.depth}.texts(value)
	}
	if len(list) == 0 {
		return []string{unknown}
	}
	return capped(list)
}

func (in scope) assigned(a *ast.AssignStmt, name string) (list []string) {
	for i, to := range a.Lhs {
		if id, ok := to.(*ast.Ident); ok && id.Name == name && a.Tok != token.ADD_ASSIGN {
			list = append(list, in.right(a, i)...)
		}
	}
	return list
}

// parameter is the place of a parameter of the function, -1 if it has none of that name.
func (in scope) parameter(name string) int {
	at := 0
	if in.fn == nil {
		return -1
	}
	for _, field := range in.fn.Type.Params.List {
		for _, id := range field.Names {
			if id.Name == name {
				return at
			}
			at++
		}
	}
	return -1
}

// result is what a call gives as its n-th result: a format, or what a function of the project returns.
func (in scope) result(call *ast.CallExpr, n int) (list []string) {
	name := in.called(call)
	if lastName(call.Fun) == "append" {
		for _, arg := range call.Args[1:] {
			list = append(list, in.texts(arg)...)
		}
		return list
	}
	if (name == "fmt.Sprintf" || name == "certstore/printable.Text") && len(call.Args) > 0 {
		return in.texts(call.Args[0])
	}
	dot := strings.LastIndexByte(name, '.')
	if in.part || dot < 0 || in.src.rooms[name[:dot]] == nil {
		return []string{unknown}
	}
	r := in.src.rooms[name[:dot]]
	if len(r.funcs[name[dot+1:]]) > 1 {
		return []string{unknown} // methods of several types
	}
	for _, fn := range r.funcs[name[dot+1:]] {
		inner := scope{src: in.src, room: r, fn: fn, imports: r.imports[fn], depth: in.depth + 3}
		ast.Inspect(fn.Body, func(node ast.Node) bool {
			if ret, ok := node.(*ast.ReturnStmt); ok && n < len(ret.Results) {
				for _, text := range inner.texts(ret.Results[n]) {
					list = append(list, in.fill(text, call.Args)...)
				}
			}
			_, literal := node.(*ast.FuncLit)
			return !literal
		})
	}
	if len(list) == 0 {
		return []string{unknown}
	}
	return capped(list)
}

// called is "room.function" of a call: of this room, of one that is imported, or a method of this room or one within it.
func (in scope) called(call *ast.CallExpr) string {
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		return in.room.name + "." + fun.Name
	case *ast.SelectorExpr:
		if from, ok := in.imports[lastName(fun.X)]; ok {
			return from + "." + fun.Sel.Name
		}
		return in.src.owner(in.room, fun.Sel.Name).name + "." + fun.Sel.Name
	}
	return ""
}

// owner is the room that has a method: this one, or one within it, of several the one that shows what it is given.
func (src *source) owner(r *room, method string) *room {
	owner := r
	for _, name := range sortedKeys(src.rooms) {
		inner := src.rooms[name]
		if len(r.funcs[method]) > 0 || !strings.HasPrefix(name, r.name+"/") || len(inner.funcs[method]) == 0 {
			continue
		}
		if owner == r || len(src.sinks[name+"."+method]) > 0 {
			owner = inner
		}
	}
	return owner
}

func lastName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.StarExpr:
		return lastName(e.X)
	}
	return ""
}
