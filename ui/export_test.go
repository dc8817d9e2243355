package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// What the tests of this room look at from outside.

func (a *App) D() *screen.Desk { return a.d }

func (a *App) ZoneAt(x, y int) string { return kit.ZoneAt(a.drawn(), x, y) }

func (a *App) Layers() []layer { return a.layers }

func (a *App) Live() live { return a.live }

func (a *App) Open(s screen.Make) { a.open(s) }

func (a *App) Push(s screen.Make) tea.Cmd { return a.push(s) }

func (a *App) Surveyed(msg surveyedMsg) tea.Cmd { return a.surveyed(msg) }

const AppOwner = appOwner

type Layer = layer

func MakeSurveyedMsg(survey *enabling.Survey) surveyedMsg { return surveyedMsg{survey: survey} }

type MinuteMsg = minuteMsg

var NewHelp = newHelp

func NewPalette(d *screen.Desk, of screen.Screen) *paletteScreen { return newPalette(d, of, nil) }

type PaletteScreen = paletteScreen

var Show = show

func (s layer) ID() int64 { return s.id }

func (s layer) Screen() screen.Screen { return s.screen }

func (s *helpScreen) Explained() []kit.Verb { return s.keys }

func (s live) Again() bool { return s.again }

func (s live) Listing() bool { return s.listing }

func (s *paletteScreen) All() []kit.Verb { return s.all }

func (s *paletteScreen) At() int { return s.at }

func (s *paletteScreen) Found() []kit.Verb { return s.found() }

func (a *App) AskCAs() tea.Cmd { return a.askCAs() }

type CAsDueMsg = casDueMsg
